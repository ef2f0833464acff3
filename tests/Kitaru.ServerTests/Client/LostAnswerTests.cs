using Kitaru.Core;

namespace Kitaru.ServerTests.Client;

/// <summary>The server does what it is asked, and the answer never arrives: asking again is harmless.</summary>
public sealed class LostAnswerTests : IAsyncLifetime, IDisposable
{
    private readonly LossyHandler _network = new();
    private TestServer _server = null!;
    private IControlPlane _plane = null!;
    private IControlPlane _store = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _plane = await _server.ConnectAsync(handler: _network);
        _store = await _server.StoreAsync();
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task Create_IsMadeOnce()
    {
        _network.LoseNext();
        var created = await _plane.Executions.CreateAsync(Some.Execution());

        (await _store.Executions.ListAsync(new ExecutionQuery())).Items.ShouldHaveSingleItem().Id.ShouldBe(created.Id);
        _network.Sent.ShouldBe(2);
    }

    [Fact]
    public async Task WhatASecondRequestWouldRepeat_IsAnsweredWithTheFirstAnswer()
    {
        _network.LoseNext();
        var secret = await _plane.Secrets.CreateAsync("a", new Dictionary<string, string> { ["K"] = "v" });
        _network.LoseNext();
        (await _plane.Secrets.DeleteAsync("a")).Id.ShouldBe(secret.Id);
        _network.LoseNext();
        await _plane.Deployments.CreateAsync(Deployment());

        (await _store.Secrets.ListAsync()).ShouldBeEmpty();
        (await _store.Deployments.ListAsync(new DeploymentQuery())).Items.ShouldHaveSingleItem().Version.ShouldBe(1);
    }

    [Fact]
    public async Task JournalOfAHeldExecution_HasEachStepOnce()
    {
        var lease = await Some.HeldAsync(_plane);
        _network.LoseNext();
        await _plane.Journal.AppendAsync(lease, Some.Entry(1, "a"));
        _network.LoseNext();
        await _plane.Journal.AppendAttemptAsync(lease, new AttemptRecord("b", "b", 1, false, TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow(), null, null));
        _network.LoseNext();
        await _plane.Journal.OpenWaitAsync(lease, new NewWait("w", null, null, null, TimeProvider.System.GetUtcNow()));

        var detail = await _store.Executions.GetAsync(lease.ExecutionId);
        detail.Calls.Select(call => call.Name).ShouldBe(["a", "b"]);
        detail.Waits.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task ChangeUnderAKey_IsMadeOnce_AndItsCallerGetsTheAnswer()
    {
        var execution = await _store.Executions.CreateAsync(Some.Execution());
        var request = IdempotentRequest.Of("k", "cancel", []);
        _network.LoseNext();

        (await _plane.Under(request).Executions.CancelAsync(execution.Id)).Status.ShouldBe(ExecutionStatus.Cancelled);

        (await _store.Idempotency.FindAsync(request)).ShouldNotBeNull();
        await Should.ThrowAsync<IdempotencyKeyTakenException>(async () => await _plane.Under(request).Executions.CancelAsync((await _store.Executions.CreateAsync(Some.Execution())).Id));
    }

    [Fact]
    public async Task DeploymentUnderAKey_IsMadeOnce_AndItsCallerGetsTheAnswer()
    {
        _network.LoseNext();
        (await _plane.Under(IdempotentRequest.Of("k", "deploy", [])).Deployments.CreateAsync(Deployment())).Version.ShouldBe(1);
        (await _store.Deployments.ListAsync(new DeploymentQuery())).Total.ShouldBe(1);
    }

    [Fact]
    public async Task Claim_IsNotRepeated_AndTheErrorSaysThatNobodyKnows()
    {
        await _store.Executions.CreateAsync(Some.Execution());
        _network.LoseNext();

        var error = await Should.ThrowAsync<KitaruBackendException>(() => _plane.Workers.ClaimAsync(new WorkerId(Some.NewId()), Some.Code, 1));

        error.Message.ShouldContain("not known");
        error.Message.ShouldContain(_server.Address.ToString().TrimEnd('/'));
        error.Message.ShouldNotContain(TestTokens.Admin);
        error.NextStep.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task StoreThatIsAwayForAMoment_IsAskedAgain()
    {
        _network.AwayAnswers = 2;
        var created = await _plane.Executions.CreateAsync(Some.Execution());
        _network.AwayAnswers = 2;
        await _plane.Secrets.CreateAsync("a", new Dictionary<string, string> { ["K"] = "v" });
        _network.AwayAnswers = 2;

        (await _plane.Executions.FindAsync(created.Id)).ShouldNotBeNull();

        (await _store.Executions.ListAsync(new ExecutionQuery())).Items.ShouldHaveSingleItem().Id.ShouldBe(created.Id);
        (await _store.Secrets.ListAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task StoreThatStaysAway_IsTheServersOwnError()
    {
        _network.AwayAnswers = int.MaxValue;

        var error = await Should.ThrowAsync<KitaruBackendException>(() => _plane.Executions.ListAsync(new ExecutionQuery()));

        error.Message.ShouldBe("The server's store is away.");
        error.NextStep.ShouldBe("Ask again.");
        (int.MaxValue - _network.AwayAnswers).ShouldBe(6);
    }

    [Fact]
    public async Task StoreThatIsAwayForAClaim_IsNotAskedAgain()
    {
        _network.AwayAnswers = 10;

        await Should.ThrowAsync<KitaruBackendException>(() => _plane.Workers.ClaimAsync(new WorkerId(Some.NewId()), Some.Code, 1));

        _network.AwayAnswers.ShouldBe(9);
    }

    [Fact]
    public async Task ServerThatIsNotThere_IsSaidWithItsAddress()
    {
        _network.IsDown = true;
        var error = await Should.ThrowAsync<KitaruBackendException>(() => _plane.Executions.FindAsync(new ExecutionId(Some.NewId())));
        error.Message.ShouldContain(_server.Address.ToString().TrimEnd('/'));
        error.NextStep.ShouldNotBeNull().ShouldContain("kitaru_status");
    }

    private static NewDeployment Deployment() => new()
    {
        Flow = "greet",
        Tags = new Dictionary<string, bool>(),
        Snapshot = Some.Code,
        Target = "greet.cs:greet",
        StackName = StackRecord.DefaultName,
        Spec = [],
    };
}
