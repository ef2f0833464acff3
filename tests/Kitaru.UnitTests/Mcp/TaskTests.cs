using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Mcp.Tasks;
using Kitaru.Mcp.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Kitaru.UnitTests.Mcp;

/// <summary>Tasks on executions: what a handle is, and what the three methods make of an execution in each state.</summary>
public class TaskTests
{
    private const string Budget = """{"type":"object","properties":{"amount":{"type":"integer","minimum":1},"currency":{"type":"string","enum":["EUR","USD"]}},"required":["amount"],"additionalProperties":false}""";

    [Theory]
    [InlineData("""{"version":3}""", ".version.3")]
    [InlineData("""{"tag":"my.tag ü/x"}""", ".tag.my%2Etag%20%C3%BC%2Fx")]
    [InlineData("""{}""", ".tag.default")]
    public async Task Start_ByAClientWithTasks_AnswersAHandle_ThatCanBeAskedForAtOnce(string selector, string end)
    {
        await using var bench = await McpBench.StartAsync();
        for (var i = 0; i < 3; i++)
            await bench.DeployAsync(new JsonObject { ["topic"] = "tea", ["maxPages"] = 1 }, tags: ("my.tag ü/x", true));
        var arguments = JsonNode.Parse(selector)!.AsObject();
        arguments["flow"] = DeploymentBench.Flow;

        var handle = await bench.TaskCallAsync("tools/call", new JsonObject { ["name"] = "kitaru_deployments_invoke", ["arguments"] = arguments });

        (handle["resultType"]!.ToString(), handle["status"]!.ToString(), handle.ContainsKey("content"), handle.ContainsKey("ttlMs")).ShouldBe(("task", "working", false, true));
        var id = handle["taskId"]!.ToString();
        id.ShouldEndWith(end);
        var task = await bench.TaskAsync("tasks/get", id);
        (task["resultType"]!.ToString(), task["status"]!.ToString(), task["taskId"]!.ToString(), task["createdAt"]!.ToString()).ShouldBe(("complete", "working", id, handle["createdAt"]!.ToString()));
        task.ContainsKey("result").ShouldBeFalse();

        (await bench.TaskAsync("tasks/cancel", id)).ToJsonString().ShouldContain("\"resultType\":\"complete\"");
        (await bench.TaskAsync("tasks/get", id))["status"]!.ToString().ShouldBe("cancelled");
        await bench.TaskAsync("tasks/cancel", id);
    }

    [Fact]
    public async Task Start_ByAClientWithoutTasks_AnswersAsEver()
    {
        await using var bench = await McpBench.StartAsync();
        await bench.DeployAsync(new JsonObject { ["topic"] = "tea", ["maxPages"] = 1 });
        (await bench.SuccessAsync("kitaru_deployments_invoke", $$"""{"flow":"{{DeploymentBench.Flow}}"}"""))["execution"]!["status"]!.ToString().ShouldBe("running");
        var fault = await Should.ThrowAsync<McpProtocolException>(() => bench.TaskCallAsync("tasks/get", new JsonObject { ["taskId"] = "run.x" }, extensions: []));
        fault.ErrorCode.ShouldBe(McpErrorCode.MissingRequiredClientCapability);
    }

    [Fact]
    public async Task Wait_IsAQuestion_ThatUpdateAnswers()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await (await Story.RunningAsync(bench)).WaitAsync("budget", "How much?", Budget);
        var id = $"run.{story.Id}";

        var task = await bench.TaskAsync("tasks/get", id);

        task["status"]!.ToString().ShouldBe("input_required");
        task["statusMessage"]!.ToString().ShouldContain("How much?");
        var (key, request) = task["inputRequests"]!.AsObject().Single();
        request!["method"]!.ToString().ShouldBe("elicitation/create");
        request["params"]!["message"]!.ToString().ShouldContain("The flow research_agent asks");
        request["params"]!["requestedSchema"]!.ToJsonString().ShouldBe(
            """{"type":"object","properties":{"amount":{"type":"integer","minimum":1},"currency":{"type":"string","enum":["EUR","USD"]}},"required":["amount"]}""");

        foreach (var wrong in new[] { "7", """{"action":"perhaps"}""", """{"action":"accept"}""", """{"action":"accept","content":{"amount":0}}""" })
            (await Should.ThrowAsync<McpProtocolException>(() => bench.UpdateAsync(id, key, wrong))).ErrorCode.ShouldBe(McpErrorCode.InvalidParams);
        await bench.UpdateAsync(id, "unknown", """{"ignored":true}""");
        await bench.UpdateAsync(id, key, """{"action":"decline"}""");
        (await bench.TaskAsync("tasks/get", id))["status"]!.ToString().ShouldBe("input_required");

        (await bench.UpdateAsync(id, key, """{"action":"accept","content":{"amount":3,"more":1}}"""))["resultType"]!.ToString().ShouldBe("complete");
        (await bench.TaskAsync("tasks/get", id))["status"]!.ToString().ShouldBe("working");
        var wait = (await bench.SuccessAsync("kitaru_executions_get", $$"""{"exec_id":"{{story.Id}}"}"""))["waits"]![0]!;
        (wait["answer"]!.ToJsonString(), wait["resolved_by"]!.ToString().EndsWith(", its user was asked", StringComparison.Ordinal)).ShouldBe(("""{"amount":3}""", true));
    }

    [Fact]
    public async Task Wait_OfAClientThatCannotAsk_SaysWhatElseToDo()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await (await Story.RunningAsync(bench)).WaitAsync("approve", "Publish?", """{"type":"boolean"}""");
        var task = await bench.TaskCallAsync("tasks/get", new JsonObject { ["taskId"] = $"run.{story.Id}" }, canElicit: false);
        (task["status"]!.ToString(), task["inputRequests"]!.AsObject().Count).ShouldBe(("input_required", 0));
        task["statusMessage"]!.ToString().ShouldContain("kitaru_executions_input");
    }

    [Theory]
    [InlineData(ExecutionStatus.Completed, FailureOrigin.Unknown, "completed", false)]
    [InlineData(ExecutionStatus.Failed, FailureOrigin.UserCode, "completed", true)]
    [InlineData(ExecutionStatus.Failed, FailureOrigin.Divergence, "completed", true)]
    [InlineData(ExecutionStatus.Failed, FailureOrigin.Runtime, "failed", null)]
    public async Task End_IsWhatTheCallWouldHaveAnswered(ExecutionStatus status, FailureOrigin origin, string expected, bool? isError)
    {
        await using var bench = await McpBench.StartAsync();
        var failure = status == ExecutionStatus.Failed ? new Failure("It broke.", null, null, origin) : null;
        var story = await (await Story.RunningAsync(bench)).EndAsync(status, status == ExecutionStatus.Completed ? Story.Text("tea") : null, failure);

        var task = await bench.TaskAsync("tasks/get", $"run.{story.Id}");

        task["status"]!.ToString().ShouldBe(expected);
        (task["result"]?["isError"]?.GetValue<bool>()).ShouldBe(isError);
        (task["error"]?["message"]?.ToString()).ShouldBe(isError is null ? "It broke." : null);
        if (isError is null)
            return;
        var result = task["result"]!["structuredContent"]!;
        (result["exec_id"]!.ToString(), result["target"]!.ToString(), result["execution"]!["status"]!.ToString()).ShouldBe((story.Id.ToString(), "flows/Research.cs:research_agent", status.ToString().ToLowerInvariant()));
        task["result"]!["content"]![0]!["text"]!.ToString().ShouldContain(story.Id.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("run")]
    [InlineData("run.0199c0de-0000-7000-8000-000000000000")]
    [InlineData("run.0199c0de-0000-7000-8000-000000000000.tag.x")]
    [InlineData("invoke.0199c0de-0000-7000-8000-000000000000.version.-1")]
    [InlineData("{0199c0de-0000-7000-8000-000000000000}")]
    public async Task Unknown_IsAnErrorOfTheParameters(string id)
    {
        await using var bench = await McpBench.StartAsync();
        foreach (var method in new[] { "tasks/get", "tasks/cancel" })
            (await Should.ThrowAsync<McpProtocolException>(() => bench.TaskAsync(method, id))).ErrorCode.ShouldBe(McpErrorCode.InvalidParams);
        (await Should.ThrowAsync<McpProtocolException>(() => bench.TaskCallAsync("tasks/get", []))).Message.ShouldContain("taskId");
    }

    [Fact]
    public async Task ReadOnly_LooksButChangesNothing()
    {
        await using var bench = await McpBench.StartAsync(ToolPolicy.Everything.Tighten(null, readOnly: true));
        var story = await (await Story.RunningAsync(bench)).WaitAsync("approve", "Publish?", """{"type":"boolean"}""");
        var id = $"run.{story.Id}";
        var key = (await bench.TaskAsync("tasks/get", id))["inputRequests"]!.AsObject().Single().Key;
        foreach (var change in new Func<Task>[] { () => bench.TaskAsync("tasks/cancel", id), () => bench.UpdateAsync(id, key, """{"action":"accept","content":{"value":true}}""") })
            (await Should.ThrowAsync<McpProtocolException>(change)).Message.ShouldContain("read-only");
        (await bench.TaskAsync("tasks/get", id))["status"]!.ToString().ShouldBe("input_required");
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task CancelledCall_LeavesTheExecutionItStarted(string version)
    {
        await using var bench = await McpBench.StartAsync(client: new McpClientOptions { ProtocolVersion = version });
        await bench.DeployAsync(new JsonObject { ["topic"] = "tea", ["maxPages"] = 1 });
        var executions = (await bench.Backend.OpenAsync(CancellationToken.None)).Executions;
        using var cancel = new CancellationTokenSource();
        var call = bench.Client.CallToolAsync("kitaru_deployments_invoke", new Dictionary<string, object?> { ["flow"] = DeploymentBench.Flow, ["wait_seconds"] = 50 }, cancellationToken: cancel.Token).AsTask();
        var seen = 0L;
        while ((await executions.ListAsync(new ExecutionQuery())).Total == 0)
            seen = await executions.WaitForChangeAsync(seen);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call);

        // The server has seen the cancellation once it answers what was sent after it.
        await bench.SuccessAsync("kitaru_executions_list", "{}");
        (await executions.ListAsync(new ExecutionQuery())).Items.ShouldHaveSingleItem().Status.ShouldBe(ExecutionStatus.Queued);
    }

    [Fact]
    public void Id_OfEveryKind_IsReadAsItWasWritten()
    {
        var execution = new ExecutionId(Guid.Parse("0199c0de-0000-7000-8000-000000000000"));
        foreach (var id in new[] { new TaskId(TaskKind.Run, execution), new TaskId(TaskKind.Replay, execution), new TaskId(TaskKind.Invoke, execution, 7), new TaskId(TaskKind.Invoke, execution, Tag: "a.b%/ü") })
        {
            TaskId.TryParse(id.ToString(), out var read).ShouldBeTrue();
            read.ShouldBe(id);
        }
    }
}
