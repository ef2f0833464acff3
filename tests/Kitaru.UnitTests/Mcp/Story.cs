using System.Text;
using System.Text.Json.Nodes;
using Kitaru.ControlPlane;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.UnitTests.Mcp;

/// <summary>An execution on the real store, played by hand in the place of a worker.</summary>
internal sealed class Story
{
    private static readonly DateTimeOffset Time = new(2026, 6, 16, 8, 30, 0, TimeSpan.Zero);
    private static readonly SnapshotId Snapshot = new("0123456789abcdef");

    private readonly IControlPlane _kitaru;
    private long _seq;
    private Lease _lease = null!;

    private Story(IControlPlane kitaru, ExecutionId id) => (_kitaru, Id) = (kitaru, id);

    public ExecutionId Id { get; }

    /// <summary>Stored, not taken by anybody.</summary>
    public static async Task<Story> QueuedAsync(McpBench bench, string flow = "research_agent", params string[] tags)
    {
        var kitaru = await bench.Backend.OpenAsync(CancellationToken.None);
        var id = new ExecutionId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        await kitaru.Executions.CreateAsync(new NewExecution
        {
            Id = id,
            FlowName = flow,
            Snapshot = Snapshot,
            Target = "flows/Research.cs:research_agent",
            Inputs = Json(new JsonObject { ["topic"] = "tea" }),
            Tags = tags,
            Spec = new JsonObject { ["version"] = 1 },
        });
        return new Story(kitaru, id);
    }

    /// <summary>Held by a worker.</summary>
    public static async Task<Story> RunningAsync(McpBench bench, string flow = "research_agent", params string[] tags)
    {
        var story = await QueuedAsync(bench, flow, tags);
        var worker = new WorkerId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        await story._kitaru.Workers.RegisterAsync(new WorkerRecord
        {
            Id = worker,
            Snapshot = Snapshot,
            Process = ProcessIdentities.Current(),
            StartedAt = Time,
        });
        story._lease = (await story._kitaru.Workers.ClaimOneAsync(worker, Snapshot, story.Id)).ShouldNotBeNull().Lease;
        return story;
    }

    public async Task<Story> CallAsync(string name, StoredValue? value = null, Failure? failure = null, params NewArtifact[] artifacts)
    {
        await _kitaru.Journal.AppendAsync(_lease, new JournalEntry
        {
            Seq = ++_seq,
            Kind = JournalKind.Checkpoint,
            Key = name,
            Name = name,
            Status = failure is null ? JournalStatus.Completed : JournalStatus.Failed,
            Value = value is null ? null : await _kitaru.Artifacts.StoreAsync(value),
            Failure = failure,
            StartedAt = Time,
            EndedAt = Time.AddSeconds(1),
            Artifacts = artifacts,
        });
        return this;
    }

    public async Task<Story> WaitAsync(string name, string? question, string? schema)
    {
        await _kitaru.Journal.OpenWaitAsync(_lease, new NewWait(
            name, question, schema is null ? null : (JsonObject)JsonNode.Parse(schema)!, null, Time));
        await _kitaru.Journal.ReleaseAsync(_lease, new Release(ExecutionStatus.Waiting, null, null));
        return this;
    }

    public async Task<Story> AttemptAsync(string name, Failure failure)
    {
        var now = TimeProvider.System.GetUtcNow();
        await _kitaru.Journal.AppendAttemptAsync(_lease, new AttemptRecord(name, name, 1, Interrupted: false, now, now, failure, null));
        return this;
    }

    public async Task<Story> RunsAsync(string name)
    {
        await _kitaru.Journal.AnnounceAsync(_lease, [new RunningCall(name, name, null, 1, TimeProvider.System.GetUtcNow())]);
        return this;
    }

    public async Task<Story> LetGoAsync(ExecutionStatus status, TimeSpan after)
    {
        await _kitaru.Journal.ReleaseAsync(_lease, new Release(status, null, TimeProvider.System.GetUtcNow() + after));
        return this;
    }

    public async Task<Story> EndAsync(ExecutionStatus status, StoredValue? result = null, Failure? failure = null)
    {
        result = result is null ? null : await _kitaru.Artifacts.StoreAsync(result);
        await _kitaru.Journal.FinishAsync(_lease, new Outcome(status, null, result, failure, null));
        return this;
    }

    public async Task<Story> LogAsync(params LogEntry[] entries)
    {
        await _kitaru.Logs.AppendAsync(Id, entries);
        return this;
    }

    public static LogEntry Line(string message, string? level = "INFO", string? checkpoint = null, string source = "step") =>
        new() { Message = message, Level = level, Checkpoint = checkpoint, Source = source, Timestamp = Time };

    public static StoredValue Json(JsonNode? value) => StoredValue.Of(StoredValue.Json, "System.Object", KitaruJson.WriteBytes(value));

    public static StoredValue Text(string value) => StoredValue.Of(StoredValue.Text, "System.String", Encoding.UTF8.GetBytes(value));
}
