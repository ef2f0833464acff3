using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.Mcp.Bulk;

/// <summary>What is done to many executions at once.</summary>
/// <param name="Word">What callers write.</param>
/// <param name="Done">What is said of one it was done to.</param>
/// <param name="On">The public statuses it makes sense on.</param>
internal sealed record BulkAction(string Word, string Done, IReadOnlyList<string> On)
{
    private static readonly BulkAction Cancel = new("cancel", "cancelled", ["running", "waiting"]);
    private static readonly BulkAction Retry = new("retry", "retried", ["failed"]);

    public static IReadOnlyList<BulkAction> All { get; } = [Cancel, Retry];

    public static BulkAction Of(string word) => All.Single(action => action.Word == word);

    /// <summary>Why it is not done to this one; null when it is.</summary>
    /// <param name="execution">As it is now; null when there is none.</param>
    public string? WhyNot(ExecutionRecord? execution)
    {
        if (execution is null)
            return "there is no such execution";
        var status = StatusWords.Of(execution.Status);
        return On.Contains(status) ? null : $"it is {status}; {Word} is for {string.Join(" and ", On)} ones";
    }

    public async Task DoAsync(KitaruClient client, ExecutionId id, string caller, CancellationToken cancellationToken)
    {
        if (this == Retry)
            await client.Executions.RetryAsync(id, ExecutionCode.Recorded, cancellationToken: cancellationToken);
        else
            await (await client.OpenAsync(cancellationToken)).Executions.CancelAsync(id, caller, cancellationToken);
    }
}
