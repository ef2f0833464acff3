using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Executions;

/// <summary>kitaru executions diff.</summary>
internal static class DiffCommand
{
    public static LeafCommand Create()
    {
        var id = ExecutionOptions.Id();
        var replays = CommonOptions.Texts("--replay", "EXEC_ID", "A direct replay to compare with. Default: all, the newest 50.");
        return new LeafCommand(
            "executions.diff", "Compares an execution with its replays, call by call.", "kitaru executions diff 0199c0de-0000-7000-8000-000000000000", async (call, cancellationToken) =>
            {
                var original = await ExecutionOptions.IdOf(call, id, cancellationToken);
                var compared = new List<ExecutionId>();
                foreach (var replay in call.Get(replays) ?? [])
                    compared.Add(await ExecutionIds.FindAsync(call.Client, replay, cancellationToken));
                var diff = await call.Client.Executions.DiffAsync(original, compared.Count == 0 ? null : compared, cancellationToken);
                var json = await DiffJson.OfAsync(diff, (await call.Client.OpenAsync(cancellationToken)).Artifacts, cancellationToken: cancellationToken);
                return Answer.Item(json, [.. Text(json)]) with { Warnings = [.. json["warnings"]!.AsArray().Select(warning => warning!.ToString())] };
            })
        {
            id,
            replays,
        };
    }

    private static IEnumerable<TextBlock> Text(JsonObject diff)
    {
        var replays = diff["compared"]!.AsArray();
        yield return new Snapshot("Kitaru comparison", ("Original", diff["original_exec_id"]!.ToString()), ("Replays", $"{replays.Count}"));
        foreach (var replay in replays.Select(replay => replay!.AsObject()))
        {
            yield return new Table(
                $"Replay {replay["replay_exec_id"]} checkpoints", ["Checkpoint", "Changed", "Status", "Duration"],
                [.. replay["checkpoints"]!.AsArray().Select(row => (Cell[])[
                    row!["name"]?.ToString(), IsTrue(row["changed"]) ? "yes" : "no", IsTrue(row["status_match"]) ? "same" : "differs", Delta(row["duration_delta_ms"])])]);
        }
    }

    private static bool IsTrue(JsonNode? node) => node is not null && node.GetValueKind() == System.Text.Json.JsonValueKind.True;

    private static string Delta(JsonNode? milliseconds) =>
        milliseconds is null ? "-" : $"{(double)milliseconds:+0;-0;0} ms";
}
