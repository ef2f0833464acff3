using System.Text.Json.Nodes;
using Kitaru.Mcp.Tools;

namespace Kitaru.UnitTests.Mcp;

/// <summary>idempotency_key: every tool that changes something, called twice and then otherwise.</summary>
public class IdempotencyToolTests
{
    /// <summary>Makes what a tool is called on; its arguments, and other ones that the key must not serve.</summary>
    private static readonly Dictionary<string, Func<McpBench, Task<(JsonObject Arguments, JsonObject Other)>>> Calls = new()
    {
        ["kitaru_executions_cancel"] = async bench => (On(await Story.QueuedAsync(bench)), On(await Story.QueuedAsync(bench))),
        ["kitaru_executions_retry"] = async bench => (On(await FailedAsync(bench)), On(await FailedAsync(bench))),
        ["kitaru_executions_input"] = async bench =>
        {
            var story = await (await Story.RunningAsync(bench)).WaitAsync("approve", "Publish?", null);
            return (On(story, ("wait", "approve"), ("value", true)), On(story, ("wait", "approve"), ("value", false)));
        },
        ["kitaru_executions_abort_wait"] = async bench =>
        {
            var story = await (await Story.RunningAsync(bench)).WaitAsync("approve", "Publish?", null);
            return (On(story, ("wait", "approve")), On(story, ("wait", "other")));
        },
        ["kitaru_executions_resume"] = async bench =>
        {
            var story = await (await Story.RunningAsync(bench)).LetGoAsync(ExecutionStatus.Queued, TimeSpan.FromHours(1));
            return (On(story), On(await Story.QueuedAsync(bench)));
        },
        ["kitaru_executions_tag"] = async bench =>
        {
            var story = await Story.QueuedAsync(bench);
            return (On(story, ("add", new JsonArray("a"))), On(story, ("add", new JsonArray("b"))));
        },
        ["manage_stack"] = _ => Task.FromResult((
            new JsonObject { ["action"] = "create", ["name"] = "dev" }, new JsonObject { ["action"] = "create", ["name"] = "prod" })),
        ["kitaru_deployments_invoke"] = async bench =>
        {
            await bench.DeployAsync(new JsonObject { ["topic"] = "tea", ["maxPages"] = 1 });
            return (OnFlow(), OnFlow(("inputs", new JsonObject { ["topic"] = "rice" })));
        },
        ["kitaru_deployments_tag"] = async bench =>
        {
            await bench.DeployAsync();
            return (OnFlow(("version", 1), ("tag", "a")), OnFlow(("version", 1), ("tag", "b")));
        },
        ["kitaru_deployments_untag"] = async bench =>
        {
            await bench.DeployAsync(tags: ("a", true));
            return (OnFlow(("version", 1), ("tag", "a")), OnFlow(("version", 1), ("tag", "b")));
        },
        ["kitaru_deployments_delete"] = async bench =>
        {
            await bench.DeployAsync();
            await bench.DeployAsync();
            return (OnFlow(("version", 2)), OnFlow(("version", 1)));
        },
        ["kitaru_executions_delete"] = async bench => (On(await FailedAsync(bench)), On(await FailedAsync(bench))),
        ["kitaru_secrets_create"] = _ => Task.FromResult((Secret("hunter2-hunter2"), Secret("hunter3-hunter3"))),
        ["kitaru_executions_prune"] = async bench =>
        {
            await FailedAsync(bench);
            return (new JsonObject { ["older_than_days"] = 0, ["dry_run"] = false }, new JsonObject { ["older_than_days"] = 1, ["dry_run"] = false });
        },
    };

    /// <summary>They build code or start processes: end-to-end tests call them twice.</summary>
    private static readonly string[] Elsewhere = ["kitaru_executions_run", "kitaru_executions_replay", "kitaru_executions_replay_many", "kitaru_deployments_deploy"];

    public static TheoryData<string> Tools => [.. Calls.Keys];

    [Fact]
    public void EveryToolThatChangesSomething_IsCalledHereOrElsewhere() =>
        new ToolRegistry().Tools.Where(tool => tool is { Hints.ReadOnly: false, NeedsNoKey: false }).Select(tool => tool.Name).ShouldBe(Calls.Keys.Concat(Elsewhere), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Tools))]
    public async Task CalledTwice_ChangesOnce_AndAnswersTheSame_OtherwiseItIsRefused(string tool)
    {
        await using var bench = await McpBench.StartAsync();
        var (arguments, other) = await Calls[tool](bench);
        arguments["idempotency_key"] = "once";
        other["idempotency_key"] = "once";

        var first = await bench.SuccessAsync(tool, arguments.ToJsonString());
        var second = await bench.SuccessAsync(tool, arguments.ToJsonString());
        JsonNode.DeepEquals(first, second).ShouldBeTrue($"{first.ToJsonString()}\n{second.ToJsonString()}");

        var error = (await bench.CallAsync(tool, other.ToJsonString())).Error();
        error["type"]!.ToString().ShouldBe("KitaruStateError");
        error["message"]!.ToString().ShouldContain("'once'");
        error["next_step"]!.ToString().ShouldContain("new key");
    }

    [Fact]
    public async Task KeyOfOneTool_IsNoKeyOfAnother()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.QueuedAsync(bench);
        await bench.SuccessAsync("kitaru_executions_tag", On(story, ("add", new JsonArray("a")), ("idempotency_key", "once")).ToJsonString());
        var error = (await bench.CallAsync("kitaru_executions_cancel", On(story, ("idempotency_key", "once")).ToJsonString())).Error();
        error["message"]!.ToString().ShouldContain("kitaru_executions_tag");
        (await bench.SuccessAsync("kitaru_executions_get", On(story).ToJsonString()))["status"]!.ToString().ShouldBe("running");
    }

    [Fact]
    public async Task RefusedCall_MayBeMadeAgainUnderItsKey()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        var retry = On(story, ("idempotency_key", "once")).ToJsonString();
        (await bench.CallAsync("kitaru_executions_retry", retry)).Error()["type"]!.ToString().ShouldBe("KitaruStateError");
        await story.EndAsync(ExecutionStatus.Failed, failure: new Failure("It broke.", null, null, FailureOrigin.UserCode));
        (await bench.SuccessAsync("kitaru_executions_retry", retry))["status"]!.ToString().ShouldBe("running");
    }

    [Fact]
    public async Task ManyAtOnce_AllGetTheOneAnswer()
    {
        await using var bench = await McpBench.StartAsync();
        var retry = On(await FailedAsync(bench), ("idempotency_key", "once")).ToJsonString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => bench.SuccessAsync("kitaru_executions_retry", retry)));
        answers.Select(answer => answer.ToJsonString()).Distinct().ShouldHaveSingleItem();
    }

    private static JsonObject Secret(string value) => new() { ["name"] = "creds", ["values"] = new JsonObject { ["PASSWORD"] = value } };

    private static async Task<Story> FailedAsync(McpBench bench) =>
        await (await Story.RunningAsync(bench)).EndAsync(ExecutionStatus.Failed, failure: new Failure("It broke.", null, null, FailureOrigin.UserCode));

    private static JsonObject OnFlow(params (string Name, JsonNode? Value)[] more)
    {
        var arguments = new JsonObject { ["flow"] = DeploymentBench.Flow };
        foreach (var (name, value) in more)
            arguments[name] = value;
        return arguments;
    }

    private static JsonObject On(Story story, params (string Name, JsonNode? Value)[] more)
    {
        var arguments = new JsonObject { ["exec_id"] = story.Id.ToString() };
        foreach (var (name, value) in more)
            arguments[name] = value;
        return arguments;
    }
}
