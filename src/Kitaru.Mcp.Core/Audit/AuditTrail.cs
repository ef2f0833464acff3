using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Hosting;

namespace Kitaru.Mcp.Audit;

/// <summary>One change that was made.</summary>
/// <param name="What">The tool, or the method.</param>
/// <param name="Caller">Who: the principal, and the client as it names itself.</param>
/// <param name="Digest">Of the arguments, without what is secret.</param>
/// <param name="About">What it was about besides executions: names only.</param>
/// <param name="Executions">The executions it concerns.</param>
internal sealed record AuditEntry(string What, string Caller, string Digest, JsonObject About, IReadOnlySet<ExecutionId> Executions);

/// <summary>Writes changes down: each in the audit file, and those of an execution also in its log, where its other history is.</summary>
internal static class AuditTrail
{
    public const string Module = "kitaru.audit";

    /// <summary>What one line names; all of them have it in their logs.</summary>
    private const int ExecutionsMax = 100;

    public static async Task WriteAsync(AuditEntry entry, Backend backend, TimeProvider time, Action<string> diagnose)
    {
        // Not the caller's token: what was done is written down even when nobody waits for the answer any more.
        var now = time.GetUtcNow();
        try
        {
            await AuditFile.AppendAsync(backend.Client.Directory, ToJson(entry, now), time, CancellationToken.None);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The change is made, and the call must say so.
            diagnose($"{entry.What} by {entry.Caller} is not in {AuditFile.Name}: {fault.Message}");
        }
        var line = new LogEntry
        {
            Source = "runner",
            Module = Module,
            Level = "INFO",
            Timestamp = now,
            Message = $"audit: {entry.What} by {entry.Caller}, arguments sha256:{entry.Digest}, done",
        };
        foreach (var id in entry.Executions)
        {
            try
            {
                await (await backend.OpenAsync(CancellationToken.None)).Logs.AppendAsync(id, [line], CancellationToken.None);
            }
            catch (KitaruException)
            {
                // A deleted execution has no log.
            }
        }
    }

    private static JsonObject ToJson(AuditEntry entry, DateTimeOffset now) => new()
    {
        ["time"] = WireTime.Text(now),
        ["what"] = entry.What,
        ["by"] = entry.Caller,
        ["arguments"] = $"sha256:{entry.Digest}",
        ["about"] = entry.About,
        ["executions"] = new JsonArray([.. entry.Executions.Take(ExecutionsMax).Select(id => (JsonNode)id.ToString())]),
        ["execution_count"] = entry.Executions.Count,
    };
}
