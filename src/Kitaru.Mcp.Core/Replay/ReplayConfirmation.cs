using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Kitaru.Client;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Bulk;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Replay;

/// <summary>What a dry run of many replays hands out and the act takes back: the changes and the exact executions, for one caller, for a while, to be used once.</summary>
/// <param name="Arguments">The arguments of the dry run, without its executions.</param>
/// <param name="Targets">The executions it has planned, each with how often it had been retried then: what was retried since has another journal.</param>
/// <param name="Id">Tells it from every other one.</param>
internal sealed record ReplayConfirmation(JsonObject Arguments, IReadOnlyList<(ExecutionId Id, int Reopened)> Targets, string Id)
{
    private const int ArgumentsBytesMax = 4096;

    private static readonly string[] Aside = ["exec_ids", "dry_run", "confirm", "idempotency_key"];

    /// <summary>Adds <c>confirm</c> and <c>expires_at</c> to the answer of a dry run; null, with a warning, for more than an assistant can be asked to copy.</summary>
    public static async Task OfferAsync(ToolCall call, JsonObject answer, IReadOnlyList<ExecutionId> planned, CancellationToken cancellationToken)
    {
        answer["confirm"] = answer["expires_at"] = null;
        if (!call.Flag("dry_run") || planned.Count == 0)
            return;
        var arguments = new JsonObject(call.Arguments.Where(pair => !Aside.Contains(pair.Key)).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        // As the whole list has it, also when the plans are of fewer.
        arguments["wait"] = answer["wait"]!.DeepClone();
        arguments["on_error"] ??= call.Texts("exec_ids").Count > 1 ? "collect" : "fail";
        if (planned.Count > BulkPlan.ExecutionsMax || KitaruJson.Size(arguments) > ArgumentsBytesMax)
        {
            answer["warnings"]!.AsArray().Add(
                $"There is no confirm: it covers {BulkPlan.ExecutionsMax} executions and {ArgumentsBytesMax} bytes of changes. Preview fewer at a time, or call again with the same arguments without dry_run.");
            return;
        }
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        var targets = new List<(ExecutionId, int)>();
        foreach (var id in planned)
            targets.Add((id, (await kitaru.Executions.FindAsync(id, cancellationToken))?.Reopened ?? 0));
        var content = new JsonObject { ["arguments"] = arguments, ["id"] = RandomNumberGenerator.GetHexString(32, lowercase: true), ["targets"] = Confirmation.Packed(targets) };
        answer["confirm"] = (await Confirmation.SealerAsync(call, cancellationToken)).Seal(Purpose(call), content, Confirmation.Lifetime);
        answer["expires_at"] = WireTime.Text(call.Time.GetUtcNow() + Confirmation.Lifetime);
    }

    /// <exception cref="KitaruUsageException">It is none, somebody else's, or too old; or something stands beside it.</exception>
    public static async Task<ReplayConfirmation> OpenAsync(ToolCall call, CancellationToken cancellationToken)
    {
        if (call.Arguments.FirstOrDefault(argument => argument.Key is not ("confirm" or "dry_run")) is { Key: { } other })
            throw ArgumentCheck.Error(other, "nothing beside confirm, which says all of it", call.Any(other), "null");
        if (call.Flag("dry_run"))
            throw ArgumentCheck.Error("dry_run", "false, or nothing, beside confirm", call.Any("dry_run"), "false");
        var content = (await Confirmation.SealerAsync(call, cancellationToken)).Open(Purpose(call), call.Text("confirm").Trim(), out var isOver)
            ?? throw Confirmation.Wrong("the confirm of a dry run, whole and unchanged, by the same user and client", "something else");
        if (isOver)
            throw Confirmation.Wrong($"a confirm that is at most {Confirmation.Lifetime.TotalMinutes:0} minutes old", "an older one");
        return new ReplayConfirmation((JsonObject)content["arguments"]!.DeepClone(), Confirmation.Unpacked(content["targets"]!.ToString()), content["id"]!.ToString());
    }

    /// <summary>What was previewed and is as it was then, and why the rest is not replayed.</summary>
    /// <exception cref="KitaruStateException">Nothing is left, or the first problem is to start nothing.</exception>
    public async Task<(IReadOnlyList<string> Ids, IReadOnlyList<SubmissionProblem> Changed)> CheckAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        var (ids, changed) = (new List<string>(), new List<SubmissionProblem>());
        foreach (var (id, reopened) in Targets)
        {
            var now = await kitaru.Executions.FindAsync(id, cancellationToken);
            if (now?.Reopened == reopened)
                ids.Add(id.ToString());
            else
                changed.Add(new SubmissionProblem(id.ToString(), now is null ? null : id, now is null ? "it was deleted since the preview" : "it was retried since the preview"));
        }
        if (changed is [var first, ..] && (ids.Count == 0 || Arguments["on_error"]?.ToString() == "fail"))
            throw new KitaruStateException($"Execution {first.Reference}: {first.Reason}. Nothing was started.", "Call again with dry_run=true for a new preview, and show it to the user.");
        return (ids, changed);
    }

    private static string Purpose(ToolCall call) => $"replay_many\n{call.Caller}";
}
