using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.StoreTests.Idempotency;

public abstract class IdempotencySuite : StoreSuite
{
    private protected IdempotencySuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Change_StandsWithItsKey_AndIsMadeOnce()
    {
        var execution = await CreateAsync();
        var request = Request("k", "cancel", 1);
        (await Plane.Idempotency.FindAsync(request)).ShouldBeNull();

        await Plane.Under(request).Executions.CancelAsync(execution.Id);

        var outcome = (await Plane.Idempotency.FindAsync(request)).ShouldNotBeNull();
        (outcome.MadeAt, outcome.Result).ShouldBe((Time.Now, null));
        await Should.ThrowAsync<IdempotencyKeyTakenException>(async () => await Plane.Under(request).Executions.CancelAsync((await CreateAsync()).Id));
        await Plane.Idempotency.CompleteAsync(request, "done");
        await Plane.Idempotency.CompleteAsync(request, "late");
        (await Plane.Idempotency.FindAsync(request)).ShouldNotBeNull().Result.ShouldBe("done");
    }

    [Fact]
    public async Task Refusal_UsesNoKeyUp()
    {
        var lease = await HeldAsync();
        await FinishAsync(lease);
        var request = Request("k", "cancel", 1);

        await Should.ThrowAsync<KitaruStateException>(() => Plane.Under(request).Executions.CancelAsync(lease.ExecutionId));
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Under(request).Executions.TagAsync(lease.ExecutionId, [" "], []));

        (await Plane.Idempotency.FindAsync(request)).ShouldBeNull();
    }

    [Fact]
    public async Task LaterChangesOfTheSameCall_GoThrough()
    {
        var (first, second) = (await CreateAsync(), await CreateAsync());
        var view = Plane.Under(Request("k", "many", 1));
        await view.Executions.CancelAsync(first.Id);
        (await view.Executions.CancelAsync(second.Id)).Status.ShouldBe(ExecutionStatus.Cancelled);
    }

    [Fact]
    public async Task OtherRequest_UnderAKey_IsRefused()
    {
        await Plane.Idempotency.CompleteAsync(Request("k", "cancel", 1), "done");
        (await Should.ThrowAsync<KitaruStateException>(() => Plane.Idempotency.FindAsync(Request("k", "cancel", 2)))).Message.ShouldContain("other arguments");
        (await Should.ThrowAsync<KitaruStateException>(() => Plane.Idempotency.FindAsync(Request("k", "tag", 1)))).Message.ShouldContain("for cancel");
    }

    [Fact]
    public async Task KeyOfAnExecution_IsNobodyElses()
    {
        await Plane.Executions.CreateAsync(New(key: "k"));
        (await Should.ThrowAsync<KitaruStateException>(() => Plane.Idempotency.FindAsync(Request("k", "cancel", 1)))).Message.ShouldContain("for an execution");
        (await Plane.Idempotency.FindAsync(Request("k", "run", 1) with { CreatesExecution = true })).ShouldBeNull();
    }

    [Fact]
    public async Task ManyAtOnce_OneChange()
    {
        var request = Request("k", "run", 1);
        var started = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            try
            {
                return (ExecutionId?)(await Plane.Under(request).Executions.CreateAsync(New())).Id;
            }
            catch (IdempotencyKeyTakenException)
            {
                return null;
            }
        }));
        started.Count(id => id is not null).ShouldBe(1);
        (await Plane.Executions.ListAsync(new ExecutionQuery())).Total.ShouldBe(1);
    }

    [Fact]
    public async Task OldKeys_AreForgotten()
    {
        await Plane.Under(Request("old", "run", 1)).Executions.CreateAsync(New());
        Time.Advance(IdempotentRequest.Lifetime + TimeSpan.FromHours(1));
        await Plane.Under(Request("new", "run", 1)).Executions.CreateAsync(New());
        (await Plane.Idempotency.FindAsync(Request("old", "cancel", 2))).ShouldBeNull();
        (await Plane.Idempotency.FindAsync(Request("new", "run", 1))).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(null)]
    public void BadKey_IsRefused(string? key) =>
        Should.Throw<KitaruUsageException>(() => Request(key ?? new string('x', 513), "run", 1)).Message.ShouldContain("1 to 512");

    private static IdempotentRequest Request(string key, string operation, int argument) =>
        IdempotentRequest.Of(key, operation, new JsonObject { ["argument"] = argument });
}

public sealed class SqliteIdempotencyTests() : IdempotencySuite(new SqliteUnderTest());
