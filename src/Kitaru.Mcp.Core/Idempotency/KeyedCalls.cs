using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Mcp.Executions;
using Kitaru.Mcp.Hosting;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Idempotency;

/// <summary>
/// The argument <c>idempotency_key</c>, which tools that change something take: a call that is repeated under one key changes nothing again and answers what the first
/// one did.
/// </summary>
internal static class KeyedCalls
{
    private const string Key = "idempotency_key";
    private const string DryRun = "dry_run";
    private const string Seconds = "wait_seconds";

    /// <summary>The tool with the argument.</summary>
    public static KitaruTool Add(KitaruTool tool) => tool.Hints.ReadOnly || tool.NeedsNoKey ? tool : tool with
    {
        Arguments =
        [
            .. tool.Arguments,
            Argument.Text(
                Key,
                "Repeated under one key, changes nothing more.",
                example: "nightly-2026-06-16"),
        ],
    };

    /// <summary>Makes the call, once if it has a key.</summary>
    public static async Task<ToolAnswer> CallAsync(KitaruTool tool, ToolCall call, CancellationToken cancellationToken)
    {
        if (tool.Hints.ReadOnly || tool.NeedsNoKey || call.TextOrNull(Key) is not { } key || (call.Any(DryRun) is not null && call.Flag(DryRun)))
            return await tool.CallAsync(call, cancellationToken);
        await call.Backend.OpenAsync(cancellationToken);
        var request = IdempotentRequest.Of(key, tool.Name, ArgumentsThatCount(tool, call.Arguments, key)) with { CreatesExecution = tool.StartsExecution };
        var (stored, isRepeated) = await call.Backend.Client.CallOnceAsync(
            request,
            MakeAsync, tool.StartsExecution ? MakeAsync : null, cancellationToken);
        var answer = Read(stored);
        return isRepeated && tool.StartsExecution ? await RefreshAsync(call, answer, cancellationToken) : answer;

        async Task<string> MakeAsync(KitaruClient client) => Write(await tool.CallAsync(call with { Backend = Backend.Over(client) }, cancellationToken));
    }

    /// <summary>What tells one call from another: not how long it may wait.</summary>
    private static JsonObject ArgumentsThatCount(KitaruTool tool, JsonObject arguments, string key)
    {
        var count = new JsonObject();
        foreach (var argument in tool.Arguments.Where(argument => argument.Name is not (Key or Seconds) && arguments.ContainsKey(argument.Name)))
        {
            var value = arguments[argument.Name];
            count[argument.Name] = argument.IsSensitive ? IdempotentRequest.Disguise(key, value) : value?.DeepClone();
        }
        return count;
    }

    /// <summary>The execution is the first call's; where it stands is of now.</summary>
    private static async Task<ToolAnswer> RefreshAsync(ToolCall call, ToolAnswer answer, CancellationToken cancellationToken)
    {
        var text = (answer.Structured["execution"]?["exec_id"] ?? answer.Structured["exec_id"])?.GetValue<string>();
        if (!ExecutionId.TryParse(text, out var id))
            return answer;
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        try
        {
            await ExecutionAnswers.WaitAsync(call, id, cancellationToken);
            answer.Structured["execution"] = await ExecutionAnswers.FullAsync(kitaru, id, cancellationToken);
        }
        catch (KitaruNotFoundException)
        {
            // Deleted since: then the first answer is all there is.
        }
        return ToolAnswer.Of(answer.Structured);
    }

    private static string Write(ToolAnswer answer) =>
        KitaruJson.Write(new JsonObject { ["structured"] = answer.Structured.DeepClone(), ["text"] = answer.OwnText });

    private static ToolAnswer Read(string stored)
    {
        var kept = (JsonObject)KitaruJson.Parse(stored)!;
        var structured = (JsonObject)kept["structured"]!.DeepClone();
        return kept["text"]?.GetValue<string>() is { } text ? new ToolAnswer(structured, text) : ToolAnswer.Of(structured);
    }
}
