using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Mcp.Sealing;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Bulk;

/// <summary>What a preview hands out and the act takes back: the action and the exact executions, for one caller, for a while, to be used once.</summary>
/// <param name="Action">The action.</param>
/// <param name="Targets">The executions, each with how often it had been retried then, so that none is retried twice by one confirmation.</param>
/// <param name="Id">Tells it from every other one.</param>
/// <param name="Until">It is good until then.</param>
internal sealed record Confirmation(BulkAction Action, IReadOnlyList<(ExecutionId Id, int Reopened)> Targets, string Id, DateTimeOffset Until)
{
    private const int TargetBytes = 20;
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public static Confirmation Of(BulkPlan plan, TimeProvider time) => new(
        plan.Action, [.. plan.Chosen.Select(execution => (execution.Id, execution.Reopened))], RandomNumberGenerator.GetHexString(32, lowercase: true), time.GetUtcNow() + Lifetime);

    public async Task<string> SealAsync(ToolCall call, CancellationToken cancellationToken) => (await SealerAsync(call, cancellationToken)).Seal(
        Purpose(call),
        new JsonObject { ["action"] = Action.Word, ["id"] = Id, ["targets"] = Packed(Targets) },
        Lifetime);

    /// <exception cref="KitaruUsageException">It is none, somebody else's, another action's, or too old.</exception>
    public static async Task<Confirmation> OpenAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var action = BulkAction.Of(call.Text("action"));
        var content = (await SealerAsync(call, cancellationToken)).Open(Purpose(call), call.Text("confirm").Trim(), out var isOver)
            ?? throw Wrong("the confirm of a preview, whole and unchanged, by the same user and client", "something else");
        if (content["action"]!.ToString() != action.Word)
            throw Wrong($"the confirm of a preview of {action.Word}", $"one of {content["action"]}");
        if (isOver)
            throw Wrong($"a confirm that is at most {Lifetime.TotalMinutes.ToString(CultureInfo.InvariantCulture)} minutes old", "an older one");
        return new Confirmation(action, Unpacked(content["targets"]!.ToString()), content["id"]!.ToString(), default);
    }

    public static string Packed(IEnumerable<(ExecutionId Id, int Reopened)> targets) => Convert.ToBase64String([.. targets.SelectMany(Bytes)]);

    public static IReadOnlyList<(ExecutionId Id, int Reopened)> Unpacked(string text) => [.. Convert.FromBase64String(text).Chunk(TargetBytes).Select(Target)];

    private static byte[] Bytes((ExecutionId Id, int Reopened) target) => [.. target.Id.Value.ToByteArray(bigEndian: true), .. BitConverter.GetBytes(target.Reopened)];

    private static (ExecutionId, int) Target(byte[] bytes) => (new ExecutionId(new Guid(bytes.AsSpan(0, 16), bigEndian: true)), BitConverter.ToInt32(bytes, 16));

    private static string Purpose(ToolCall call) => $"bulk\n{call.Caller}";

    public static async Task<Sealer> SealerAsync(ToolCall call, CancellationToken cancellationToken) =>
        new(await SealingKey.GetAsync(call.SealingSecret, call.Backend.Client.Directory, call.Time, cancellationToken), call.Time);

    public static KitaruUsageException Wrong(string expected, string got) => new(
        $"Argument 'confirm': expected {expected}, got {got}. Nothing was done.", "Call again without confirm for a new preview, and show it to the user.")
    {
        Details = new JsonObject { ["argument"] = "confirm", ["expected"] = expected, ["got"] = got },
    };
}
