using System.Text.Json;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Executions;
using Kitaru.Mcp.Hosting;
using Kitaru.Mcp.Tasks;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.ConformanceHost.Fixtures;

/// <summary>The suite's tools about tasks. They start executions on the server's store; what is made of those is the product's own.</summary>
internal static class TaskTools
{
    public static IReadOnlyList<Fixture> Of(KitaruClient kitaru) =>
    [
        Tools.Of("greet", request => Contents.Result(Contents.Text($"Hello, {Text(request, "name")}!")), """{"type":"object","properties":{"name":{"type":"string"}}}"""),
        Starting(kitaru, "slow_compute", async request => await kitaru.RunAsync(() => TaskFlows.SlowCompute(Number(request, "seconds"), Text(request, "label"))),
            """{"type":"object","properties":{"seconds":{"type":"number"},"label":{"type":"string"}}}"""),
        Starting(kitaru, "failing_job", async request => ClientAbilities.TakesTasks(request.JsonRpcRequest) ? await kitaru.RunAsync(() => TaskFlows.FailingJob()) : throw TaskErrors.NeedsExtension()),
        Starting(kitaru, "protocol_error_job", async _ => await kitaru.RunAsync(() => TaskFlows.ProtocolErrorJob())),
        Starting(kitaru, "confirm_delete", async request => await kitaru.RunAsync(() => TaskFlows.ConfirmDelete(Text(request, "filename"))), """{"type":"object","properties":{"filename":{"type":"string"}}}"""),
        Starting(kitaru, "multi_input", async _ => await kitaru.RunAsync(() => TaskFlows.MultiInput())),
        Starting(kitaru, "test_tool_with_task", async request => request.Params!.InputResponses is { } responses && responses.TryGetValue("user_name", out var answer)
            ? await kitaru.RunAsync(() => TaskFlows.Greeting(answer.RawValue.GetProperty("content").GetProperty("name").GetString()!))
            : throw Asks.For(("user_name", Asks.Text("What is your name?", "name")))),
    ];

    private static Fixture Starting(KitaruClient kitaru, string name, Func<RequestContext<CallToolRequestParams>, Task<ExecutionHandle>> start, string? schema = null) => Tools.Of(name, async (request, stop) =>
    {
        var handle = await start(request);
        if (!ClientAbilities.TakesTasks(request.JsonRpcRequest))
            await handle.WaitAsync(cancellationToken: stop);
        var ports = await kitaru.OpenAsync(stop);
        var execution = await ExecutionJson.FullAsync(await ports.Executions.GetAsync(handle.Id, stop), ports.Artifacts, stop);
        return ToolHandler.ToResult(RunTool.Answer(handle.Id, name, execution, null), isError: false);
    }, schema);

    private static string Text(RequestContext<CallToolRequestParams> request, string name) => Given(request, name).GetString()!;

    private static double Number(RequestContext<CallToolRequestParams> request, string name) => Given(request, name).GetDouble();

    private static JsonElement Given(RequestContext<CallToolRequestParams> request, string name) =>
        request.Params!.Arguments?.TryGetValue(name, out var value) == true ? value : throw new McpProtocolException($"The argument '{name}' is missing.", McpErrorCode.InvalidParams);
}
