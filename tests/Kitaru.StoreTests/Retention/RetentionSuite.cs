using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.StoreTests.Retention;

/// <summary>What suites of deletion share.</summary>
public abstract class RetentionSuite : StoreSuite
{
    private protected RetentionSuite(IStoreUnderTest store) : base(store)
    {
    }

    protected static string Large(char letter) => $"\"{new string(letter, StoredValue.InlineBytesMax)}\"";

    /// <summary>An ended execution with a row in every table there is.</summary>
    protected async Task<ExecutionId> FullExecutionAsync(string flow, string large = "1")
    {
        var created = await Plane.Executions.CreateAsync(New(flow, inputs: large) with { Tags = ["nightly", flow] });
        var lease = (await ClaimAsync(created.Id)).Lease;
        await Plane.Journal.AppendAttemptAsync(lease, new AttemptRecord("step", "step", 1, false, Time.Now, Time.Now, Boom, null));
        await Plane.Journal.AppendAsync(lease, Entry(1, "step", large) with { Attempt = 2, Artifacts = [new NewArtifact(new ArtifactId(NewId()), "n", "blob", Json(large), [])] });
        await OpenWaitAsync(lease, "w");
        await Plane.Waits.AnswerAsync(lease.ExecutionId, "w", JsonNode.Parse(large), "me");
        await Plane.Journal.AppendAsync(lease, Entry(2, "w") with { Kind = JournalKind.Wait });
        await Plane.Journal.AppendAsync(lease, Entry(3, "sleep") with { Kind = JournalKind.Sleep, Value = null });
        await Plane.Logs.AppendAsync(lease.ExecutionId, [new LogEntry { Message = "one", Timestamp = Time.Now }, new LogEntry { Message = "two", Timestamp = Time.Now }]);
        await Plane.Journal.FinishAsync(lease, new Outcome(ExecutionStatus.Completed, null, Json(large), null, null));
        return lease.ExecutionId;
    }

    /// <summary>An execution that ended in this way, so long ago.</summary>
    protected async Task<ExecutionId> EndedAsync(ExecutionStatus status = ExecutionStatus.Completed, string flow = "greet")
    {
        var lease = await HeldAsync(flow);
        if (status == ExecutionStatus.Cancelled)
            await Plane.Executions.CancelAsync(lease.ExecutionId);
        else
            await FinishAsync(lease, status);
        return lease.ExecutionId;
    }
}
