using System.Text;
using Kitaru.Core;

namespace Kitaru.ServerTests;

/// <summary>Things that tests need and do not care about.</summary>
internal static class Some
{
    public static readonly SnapshotId Code = new("code-1");

    private static readonly IdFactory Ids = new(TimeProvider.System);

    public static Guid NewId() => Ids.NewId();

    public static NewExecution Execution(string flow = "greet") => new()
    {
        Id = new ExecutionId(NewId()),
        FlowName = flow,
        Snapshot = Code,
        Inputs = Json("{}"),
    };

    public static JournalEntry Entry(long seq, string key, string json = "1")
    {
        var now = TimeProvider.System.GetUtcNow();
        return new JournalEntry
        {
            Seq = seq,
            Kind = JournalKind.Checkpoint,
            Key = key,
            Name = key,
            Status = JournalStatus.Completed,
            Value = Json(json),
            StartedAt = now,
            EndedAt = now,
        };
    }

    public static StoredValue Json(string json) => StoredValue.Of(StoredValue.Json, "System.Object", Encoding.UTF8.GetBytes(json));

    /// <summary>A stored execution in a worker's hands.</summary>
    public static async Task<Lease> HeldAsync(IControlPlane plane, WorkerId? worker = null)
    {
        var created = await plane.Executions.CreateAsync(Execution());
        return (await plane.Workers.ClaimOneAsync(worker ?? new WorkerId(NewId()), Code, created.Id)).ShouldNotBeNull().Lease;
    }
}
