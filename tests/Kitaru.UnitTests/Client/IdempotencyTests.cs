using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.UnitTests.Mcp;

namespace Kitaru.UnitTests.Client;

/// <summary>A client with an idempotency key: one change, one answer.</summary>
public class IdempotencyTests
{
    [Fact]
    public async Task EveryChange_AnswersTheSameTwice_AndRefusesAnother()
    {
        await using var bench = await McpBench.StartAsync();
        await TwiceAsync(bench, "cancel", await Story.QueuedAsync(bench), (client, id) => client.Executions.CancelAsync(id));
        await TwiceAsync(bench, "tag", await Story.QueuedAsync(bench), (client, id) => client.Executions.TagAsync(id, ["a"], ["b"]));
        await TwiceAsync(bench, "retry", await FailedAsync(bench), (client, id) => client.Executions.RetryAsync(id));
        await TwiceAsync(bench, "delete", await FailedAsync(bench), (client, id) => client.Executions.DeleteAsync(id));
        var resting = await (await Story.RunningAsync(bench)).LetGoAsync(ExecutionStatus.Queued, TimeSpan.FromHours(1));
        await TwiceAsync(bench, "resume", resting, (client, id) => client.Executions.ResumeAsync(id));
        await TwiceAsync(bench, "input", await WaitingAsync(bench), (client, id) => client.Executions.InputAsync(id, "approve", JsonValue.Create(true)));
        await TwiceAsync(bench, "abort", await WaitingAsync(bench), (client, id) => client.Executions.AbortWaitAsync(id, "approve"));
        await TwiceAsync(bench, "prune", await FailedAsync(bench), (client, _) => client.Executions.PruneAsync(new PruneQuery { OlderThan = TimeSpan.Zero, DryRun = false }), usesId: false);
    }

    [Fact]
    public async Task SecretsAndStacks_AreChangedOnce()
    {
        await using var bench = await McpBench.StartAsync();
        var client = bench.Backend.Client;
        var values = new Dictionary<string, string> { ["API_KEY"] = "sk-123456" };
        var created = await client.WithIdempotencyKey("create").Secrets.CreateAsync("creds", values);
        (await client.WithIdempotencyKey("create").Secrets.CreateAsync("creds", values)).Id.ShouldBe(created.Id);
        await Should.ThrowAsync<KitaruStateException>(() => client.WithIdempotencyKey("create").Secrets.CreateAsync("creds", new Dictionary<string, string> { ["API_KEY"] = "other" }));
        (await client.WithIdempotencyKey("set").Secrets.SetAsync("more", values)).Created.ShouldBeTrue();
        (await client.WithIdempotencyKey("set").Secrets.SetAsync("more", values)).Created.ShouldBeTrue("that was the first answer");
        (await client.WithIdempotencyKey("delete").Secrets.DeleteAsync("creds")).Id.ShouldBe(created.Id);
        (await client.WithIdempotencyKey("delete").Secrets.DeleteAsync("creds")).Id.ShouldBe(created.Id);
        (await client.WithIdempotencyKey("rotate").Secrets.RotateKeyAsync()).ShouldBe(1);
        (await client.WithIdempotencyKey("rotate").Secrets.RotateKeyAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task BlankKey_IsRefused()
    {
        await using var bench = await McpBench.StartAsync();
        Should.Throw<KitaruUsageException>(() => bench.Backend.Client.WithIdempotencyKey(" "));
    }

    private static async Task TwiceAsync<T>(McpBench bench, string key, Story story, Func<KitaruClient, ExecutionId, Task<T>> change, bool usesId = true)
    {
        var first = await change(bench.Backend.Client.WithIdempotencyKey(key), story.Id);
        var second = await change(bench.Backend.Client.WithIdempotencyKey(key), story.Id);
        System.Text.Json.JsonSerializer.Serialize(second).ShouldBe(System.Text.Json.JsonSerializer.Serialize(first), key);
        if (usesId)
            (await Should.ThrowAsync<KitaruStateException>(() => change(bench.Backend.Client.WithIdempotencyKey(key), new ExecutionId(Guid.Empty)))).Message.ShouldContain($"'{key}'");
    }

    private static async Task<Story> WaitingAsync(McpBench bench) => await (await Story.RunningAsync(bench)).WaitAsync("approve", "Publish?", null);

    private static async Task<Story> FailedAsync(McpBench bench) =>
        await (await Story.RunningAsync(bench)).EndAsync(ExecutionStatus.Failed, failure: new Failure("It broke.", null, null, FailureOrigin.UserCode));
}
