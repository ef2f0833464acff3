using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;
using Kitaru.Mcp.Idempotency;
using Kitaru.Mcp.Tools;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Hosting;

/// <summary>The one way from the protocol to a tool and back: finds it, checks arguments, turns errors into results.</summary>
internal sealed class ToolHandler(Backend backend, TimeProvider time, TextWriter diagnostics)
{
    private static readonly TimeSpan ListLifetime = TimeSpan.FromHours(1);

    // Not needed for initialize, so made after it.
    private readonly Lazy<ToolRegistry> _registry = new(() => new ToolRegistry());

    public ListToolsResult List() => new()
    {
        Tools = [.. _registry.Value.Tools.Select(Describe)],
        TimeToLive = ListLifetime,
        CacheScope = CacheScope.Public,
    };

    public async Task<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var progress = new ProgressRelay(request.Server, request.Params?.ProgressToken, cancellationToken);
        try
        {
            return ToResult(await AnswerAsync(request, progress, cancellationToken), isError: false);
        }
        catch (KitaruException fault)
        {
            return ToResult(ToolErrors.Of(fault), isError: true);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            var (tool, reference) = (request.Params?.Name ?? "", Guid.CreateVersion7(time.GetUtcNow()).ToString("N"));
            await diagnostics.WriteLineAsync($"{tool} failed, reference {reference}: {fault}");
            return ToResult(ToolErrors.Unexpected(tool, reference), isError: true);
        }
        finally
        {
            await progress.FinishAsync();
        }
    }

    private async Task<ToolAnswer> AnswerAsync(
        RequestContext<CallToolRequestParams> request, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var tool = _registry.Value.Find(request.Params?.Name);
        var arguments = ArgumentCheck.Check(tool, request.Params?.Arguments);
        var caller = "mcp:" + Core.Texts.Short(request.Server.ClientInfo?.Name ?? "unknown", 80);
        return await KeyedCalls.CallAsync(tool, new ToolCall(arguments, backend, caller, progress, time), cancellationToken);
    }

    private static CallToolResult ToResult(ToolAnswer answer, bool isError) => new()
    {
        IsError = isError,
        Content = [new TextContentBlock { Text = answer.Text }],
        StructuredContent = ToElement(answer.Structured),
    };

    private static Tool Describe(KitaruTool tool) => new()
    {
        Name = tool.Name,
        Title = tool.Title,
        Description = tool.Description,
        InputSchema = ToElement(tool.InputSchema()),
        OutputSchema = ToElement(tool.Output),
        Annotations = new ToolAnnotations
        {
            Title = tool.Title,
            ReadOnlyHint = tool.Hints.ReadOnly,
            DestructiveHint = tool.Hints.Destructive,
            IdempotentHint = tool.Hints.Idempotent,
            OpenWorldHint = tool.Hints.OpenWorld,
        },
    };

    private static JsonElement ToElement(JsonNode node)
    {
        using var document = JsonDocument.Parse(KitaruJson.WriteBytes(node));
        return document.RootElement.Clone();
    }
}
