using System.Text;
using Kitaru.ControlPlane;

namespace Kitaru.StoreTests.Executions;

/// <summary>
/// docs/operations.md shows the one table of what may be done to an execution beside the contract's (runtime.md appendix E). To renew it after a
/// decision, run with KITARU_UPDATE_SNAPSHOTS=1.
/// </summary>
public sealed class DecisionTests
{
    private const string Page = "docs/operations.md";
    private const string Begin = "<!-- table -->";
    private const string End = "<!-- /table -->";

    private static readonly ExecutionOperation[] Operations = Enum.GetValues<ExecutionOperation>();

    // Copied by hand from runtime.md appendix E: cancel, retry, resume, input, abort_wait, replay; delete is only named in 2.3.
    private static readonly (ExecutionStatus Status, string[] Contract)[] Rows =
    [
        (ExecutionStatus.Queued, ["ok", "error", "error", "error", "error", "error", "-"]),
        (ExecutionStatus.Running, ["ok", "error", "error", "error", "error", "error", "-"]),
        (ExecutionStatus.Sleeping, ["ok", "error", "error", "error", "error", "error", "-"]),
        (ExecutionStatus.Waiting, ["ok or by engine", "error", "error", "ok", "ok, ends cancelled", "ok when paused", "-"]),
        (ExecutionStatus.Completed, ["error", "error", "error", "error", "error", "ok", "-"]),
        (ExecutionStatus.Failed, ["by engine", "ok, same id", "error", "error", "error", "ok", "-"]),
        (ExecutionStatus.Cancelled, ["error", "error", "error", "error", "error", "ok when stopped", "-"]),
    ];

    [Fact]
    public void Page_ShowsTheTableBesideTheContracts()
    {
        var path = Path.Combine(Checkout(), Page);
        var text = File.ReadAllText(path);
        var (start, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        var table = Table();
        if (Environment.GetEnvironmentVariable("KITARU_UPDATE_SNAPSHOTS") == "1")
            File.WriteAllText(path, text[..start] + table + text[end..]);
        else
            text[start..end].ReplaceLineEndings("\n").ShouldBe(table);
    }

    [Fact]
    public void EveryRefusal_NamesANextCall()
    {
        foreach (var operation in Operations)
        {
            foreach (var status in Enum.GetValues<ExecutionStatus>())
            {
                var decision = ExecutionDecisions.Of(operation, status);
                (decision.Next?.Contains("kitaru_", StringComparison.Ordinal) ?? false).ShouldBe(decision.Verdict == Verdict.Refused, $"{operation} of {status}");
            }
        }
    }

    private static string Table()
    {
        var table = new StringBuilder("\n| state | " + string.Join(" | ", Operations.Select(Word)) + " |\n|---|" + string.Concat(Operations.Select(_ => "---|")) + "\n");
        foreach (var (status, contract) in Rows)
        {
            var cells = Operations.Select((operation, i) => $"{ExecutionDecisions.Of(operation, status).Verdict.ToString().ToLowerInvariant()} ({contract[i]})");
            table.Append($"| {status.ToString().ToLowerInvariant()} | {string.Join(" | ", cells)} |\n");
        }
        return table.ToString();
    }

    private static string Word(ExecutionOperation operation) => operation == ExecutionOperation.AbortWait ? "abort wait" : operation.ToString().ToLowerInvariant();

    private static string Checkout()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Kitaru.slnx")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
