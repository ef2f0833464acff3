using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Bulk;

/// <summary>Does what was confirmed: to exactly those executions, once, and says what came of each.</summary>
internal static class BulkRun
{
    public static async Task<JsonArray> RunAsync(ToolCall call, Confirmation confirmation, CancellationToken cancellationToken)
    {
        await call.Backend.OpenAsync(cancellationToken);
        // What was confirmed is its own key: brought again, it answers what it did. After a crash in the middle the rest is done.
        var request = IdempotentRequest.Of($"bulk {confirmation.Id}", "kitaru_executions_bulk", new JsonObject { ["id"] = confirmation.Id });
        var (answer, _) = await call.Backend.Client.CallOnceAsync(request, FirstAsync, MakeAsync, cancellationToken);
        return (JsonArray)KitaruJson.Parse(answer)!;

        async Task<string> FirstAsync(KitaruClient client)
        {
            var made = await MakeAsync(client);
            // Nothing left to do may mean that the same call, made beside this one, has done it: then its answer counts.
            return await (await client.OpenAsync(cancellationToken)).Idempotency.FindAsync(request, cancellationToken) is null || made.Contains($"\"{confirmation.Action.Done}\"", StringComparison.Ordinal)
                ? made
                : throw new IdempotencyKeyTakenException(request.Key);
        }

        async Task<string> MakeAsync(KitaruClient client)
        {
            var results = new JsonArray();
            foreach (var (id, reopened) in confirmation.Targets)
                results.Add(await OneAsync(client, id, reopened));
            return KitaruJson.Write(results);
        }

        async Task<JsonNode> OneAsync(KitaruClient client, ExecutionId id, int reopened)
        {
            string? why;
            try
            {
                var now = await (await client.OpenAsync(cancellationToken)).Executions.FindAsync(id, cancellationToken);
                why = confirmation.Action.WhyNot(now) ?? (now!.Reopened == reopened ? null : "it was retried since the preview");
                if (why is null)
                    await confirmation.Action.DoAsync(client, id, call.Caller, cancellationToken);
            }
            catch (KitaruException fault) when (fault is not IdempotencyKeyTakenException && fault is not KitaruBackendException { IsOfTheMachine: true })
            {
                why = Texts.Short(fault.Message, 300);
            }
            return new JsonObject { ["exec_id"] = id.ToString(), ["outcome"] = why is null ? confirmation.Action.Done : "skipped", ["why"] = why };
        }
    }
}
