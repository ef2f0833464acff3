using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;
using Kitaru.Core.Wire;

namespace Kitaru.Core;

/// <summary>Tokens and cost of model calls, or by how much they differ.</summary>
/// <param name="PromptTokens">Input tokens.</param>
/// <param name="CompletionTokens">Output tokens.</param>
/// <param name="TotalTokens">All tokens.</param>
/// <param name="CostUsd">The cost where it is known: what was billed, else what was estimated.</param>
public sealed record UsageTotals(long PromptTokens, long CompletionTokens, long TotalTokens, decimal? CostUsd)
{
    private static readonly UsageTotals Nothing = new(0, 0, 0, null);

    /// <summary>The sum over the usage records in a call's metadata; null when there are none.</summary>
    public static UsageTotals? Of(JsonObject metadata)
    {
        UsageTotals? sum = null;
        foreach (var record in UsageJson.Records(metadata))
        {
            var (usage, cost) = (record["usage"]!, record["cost"]!);
            var (input, output) = (Number(usage["input_tokens"]), Number(usage["output_tokens"]));
            var total = Number(usage["total_tokens"]) ?? (input ?? 0) + (output ?? 0);
            sum = (sum ?? Nothing).Plus(new UsageTotals(
                (long)(input ?? 0), (long)(output ?? 0), (long)total, Number(cost["actual_cost_usd"]) ?? Number(cost["estimated_cost_usd"])), sign: 1);
        }
        return sum;
    }

    /// <summary>How much more one used than the other; null when neither used anything.</summary>
    public static UsageTotals? Delta(UsageTotals? original, UsageTotals? replay) =>
        original is null && replay is null ? null : (replay ?? Nothing).Plus(original ?? Nothing, sign: -1);

    private UsageTotals Plus(UsageTotals other, int sign) => new(
        PromptTokens + sign * other.PromptTokens,
        CompletionTokens + sign * other.CompletionTokens,
        TotalTokens + sign * other.TotalTokens,
        CostUsd is null && other.CostUsd is null ? null : (CostUsd ?? 0) + sign * (other.CostUsd ?? 0));

    /// <summary>A number that can be reckoned with; metadata holds what flows wrote there.</summary>
    private static decimal? Number(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number && JsonShape.Number(node) is { Exact: { } number } && decimal.Abs(number) < 1_000_000_000_000_000m ? number : null;
}
