using System.Text;
using Kitaru.Client.Http;
using Kitaru.Core;
using Kitaru.Core.Flows;
using Kitaru.Hosting;

namespace Kitaru.ServerTests.Access;

/// <summary>A worker's credential reaches what belongs to the executions it holds, as long as it holds them, and what its process starts with.</summary>
public sealed class WorkerReachTests : IAsyncLifetime
{
    private static readonly string Large = $"\"{new string('x', StoredValue.InlineBytesMax + 1)}\"";
    private static readonly string CacheKey = new('a', 64);
    private static readonly WorkerEnvironment Environment = new() { Secrets = ["of-environment"] };
    private static readonly WorkerKind Kind = new(Some.Code, Environment.Id());

    private readonly WorkerId _worker = new(Some.NewId());
    private AccessWorld _world = null!;
    private HttpControlPlane _member = null!;
    private HttpControlPlane _plane = null!;
    private string _token = null!;

    public async Task InitializeAsync()
    {
        _world = await AccessWorld.StartAsync();
        _member = await _world.ConnectAsync(await _world.KeyAsync(Role.Member));
        _token = (await _member.IssueWorkerTokenAsync(_worker, Kind)).Token;
        _plane = await _world.ConnectAsync(_token);
        await _member.Secrets.CreateAsync("creds", new Dictionary<string, string> { ["API_KEY"] = "v" });
        await _member.Secrets.CreateAsync("of-environment", new Dictionary<string, string> { ["REGION"] = "eu" });
    }

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task HeldExecution_IsReachedWithAllThatBelongsToIt()
    {
        var lease = await HoldAsync(_plane, _worker);
        var run = Run(lease.ExecutionId);

        var value = await run.Artifacts.StoreAsync(Some.Json(Large));
        Encoding.UTF8.GetString(await run.Artifacts.ReadAllAsync(value)).ShouldBe(Large);
        (await run.Secrets.ReadAsync("creds")).Values["API_KEY"].ShouldBe("v");
        (await run.Journal.FindCachedAsync(Convert.FromHexString(CacheKey))).ShouldBeNull();
        await run.Journal.AppendAsync(lease, Some.Entry(1, "a", Large));
        (await run.Under(IdempotentRequest.Of("k", "read", [])).Secrets.ReadAsync("creds")).Name.ShouldBe("creds");
    }

    [Fact]
    public async Task WithoutAnExecutionOrWithAForgedOne_NothingIsReached()
    {
        var mine = await HoldAsync(_plane, _worker);
        var unheld = await _member.Executions.CreateAsync(Execution());
        var others = await HoldAsync(_member, new WorkerId(Some.NewId()));
        var named = new[] { null, "", "*", "null", $"{mine.ExecutionId},{mine.ExecutionId}", $"{mine.ExecutionId} or 1=1", Some.NewId().ToString(), unheld.Id.ToString(), others.ExecutionId.ToString(), _worker.ToString() };

        foreach (var execution in named)
            await IsRefusedAsync(execution);
        await Should.ThrowAsync<KitaruAccessDeniedException>(() => _plane.Secrets.ReadAsync("creds"));
        await Should.ThrowAsync<KitaruAccessDeniedException>(() => Run(mine.ExecutionId).Journal.AppendAsync(others, Some.Entry(1, "a")));
    }

    [Fact]
    public async Task ExecutionOfAnotherProject_IsNotHeldHere()
    {
        await _world.Admin.CreateProjectAsync(new NewProject { Name = "other" });
        var other = await _world.ConnectAsync(await _world.KeyAsync(Role.Member, "other"));
        var lease = await HoldAsync(other, _worker);

        await IsRefusedAsync(lease.ExecutionId.ToString());
        (await _world.SendAsync(HttpMethod.Get, "secrets/read?name=creds", _token, project: "other", execution: lease.ExecutionId.ToString())).Status.ShouldBe(404);
    }

    [Fact]
    public async Task TokenForOneExecution_DoesNotReachTheOthersOfItsWorker()
    {
        var (one, two) = (await HoldAsync(_plane, _worker), await HoldAsync(_plane, _worker));
        var narrow = (await _member.IssueWorkerTokenAsync(_worker, Kind, one.ExecutionId)).Token;

        (await _world.SendAsync(HttpMethod.Get, "secrets/read?name=creds", narrow, execution: one.ExecutionId.ToString())).Status.ShouldBe(200);
        (await _world.SendAsync(HttpMethod.Get, "secrets/read?name=creds", narrow, execution: two.ExecutionId.ToString())).Status.ShouldBe(403);
    }

    [Theory]
    [InlineData("cancelled")]
    [InlineData("taken over")]
    [InlineData("ended")]
    public async Task LostLease_EndsTheAccessAtOnce(string how)
    {
        var lease = await HoldAsync(_plane, _worker);
        var run = Run(lease.ExecutionId);
        (await run.Secrets.ReadAsync("creds")).Values.ShouldNotBeEmpty();

        if (how == "cancelled")
            await _member.Executions.CancelAsync(lease.ExecutionId);
        else if (how == "ended")
            await run.Journal.FinishAsync(lease, new Outcome(ExecutionStatus.Completed, null, null, null, null));
        else
        {
            await _member.Workers.DeregisterAsync(_worker);
            (await _member.Workers.ClaimOneAsync(new WorkerId(Some.NewId()), Kind, lease.ExecutionId)).ShouldNotBeNull();
        }

        await IsRefusedAsync(lease.ExecutionId.ToString());
        // A run is told as where it writes its journal, so that it ends.
        (await Should.ThrowAsync<KitaruLeaseLostException>(() => run.Secrets.ReadAsync("creds"))).ExecutionId.ShouldBe(lease.ExecutionId);
        await Should.ThrowAsync<KitaruLeaseLostException>(() => run.Artifacts.StoreAsync(Some.Json(Large)));
    }

    [Fact]
    public async Task SecretsOfItsEnvironment_AreReadBeforeAnythingIsClaimed_AndNoOthers()
    {
        await _member.Executions.CreateAsync(Execution());

        (await _plane.Secrets.ReadAsync("of-environment")).Values["REGION"].ShouldBe("eu");
        (await _plane.Secrets.FindAsync("of-environment")).ShouldNotBeNull();
        (await _plane.Workers.GetEnvironmentAsync(Kind.Environment)).Secrets.ShouldBe(["of-environment"]);

        var id = (await _member.Secrets.FindAsync("creds"))!.Id;
        foreach (var name in new[] { "creds", id.ToString(), "OF-ENVIRONMENT", "of-environment%20", "", "of-environment&name=creds", "creds&name=of-environment" })
        {
            (await _world.SendAsync(HttpMethod.Get, $"secrets/read?name={name}", _token)).Status.ShouldBe(403, name);
            (await _world.SendAsync(HttpMethod.Get, $"secrets/find?name={name}", _token)).Status.ShouldBe(403, name);
        }
        (await _world.SendAsync(HttpMethod.Get, "secrets", _token)).Status.ShouldBe(403);
        (await _world.SendAsync(HttpMethod.Get, "environments?id=0123456789abcdef0123456789abcdef", _token)).Status.ShouldBe(403);
    }

    [Fact]
    public async Task EnvironmentThatNoExecutionHas_NamesNoSecrets() =>
        (await _world.SendAsync(HttpMethod.Get, "secrets/read?name=of-environment", _token)).Status.ShouldBe(403);

    [Fact]
    public async Task Snapshot_OfItsKindIsReached_AndNoOther()
    {
        foreach (var snapshot in new[] { Some.Code, new SnapshotId("code-2") })
            await _member.Snapshots.PutAsync(new SnapshotRecord(snapshot, new FlowManifest(), TimeProvider.System.GetUtcNow(), 1));
        await HoldAsync(_plane, _worker);

        (await _plane.Snapshots.FindAsync(Some.Code)).ShouldNotBeNull();
        (await _plane.Snapshots.HasContentAsync(Some.Code)).ShouldBeFalse();
        foreach (var path in new[] { "snapshots/code-2", "snapshots/code-2/content", "snapshots/code-2/content/state", "snapshots/CODE-1", "snapshots/none" })
            (await _world.SendAsync(HttpMethod.Get, path, _token)).Status.ShouldBe(403, path);
    }

    [Fact]
    public async Task PeopleAndPrograms_NeedNoExecution()
    {
        var value = await _member.Artifacts.StoreAsync(Some.Json(Large));

        (await _member.Artifacts.ReadAllAsync(value)).Length.ShouldBe(Large.Length);
        (await _member.Secrets.ReadAsync("creds")).Values.ShouldNotBeEmpty();
        (await _member.Journal.FindCachedAsync(Convert.FromHexString(CacheKey))).ShouldBeNull();
    }

    private IControlPlane Run(ExecutionId id) => ((IRunScope)_plane).For(id);

    private async Task IsRefusedAsync(string? execution)
    {
        var hash = StoredValue.Of(StoredValue.Json, "System.Object", Encoding.UTF8.GetBytes(Large)).Hash;
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, "secrets/read?name=creds"), (HttpMethod.Get, "secrets/find?name=creds"), (HttpMethod.Get, $"cached_results/{CacheKey}"),
            (HttpMethod.Get, $"values/{hash}"), (HttpMethod.Put, $"values/{hash}"),
        })
        {
            var (status, body, text) = await _world.SendAsync(method, path, _token, body: method == HttpMethod.Put ? Large : null, execution: execution);
            status.ShouldBe(403, $"{path} for {execution}");
            body["code"]!.ToString().ShouldBe("KitaruAccessDeniedError");
            text.ShouldNotContain("API_KEY");
        }
    }

    private async Task<Lease> HoldAsync(IControlPlane by, WorkerId worker)
    {
        var created = await (by == _plane ? _member : by).Executions.CreateAsync(Execution());
        return (await by.Workers.ClaimOneAsync(worker, Kind, created.Id)).ShouldNotBeNull().Lease;
    }

    private static NewExecution Execution() => Some.Execution() with { Environment = Environment };
}
