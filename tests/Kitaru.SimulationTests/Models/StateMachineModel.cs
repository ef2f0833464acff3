using System.Text;
using System.Text.Json.Nodes;
using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;
using Kitaru.Testing;

namespace Kitaru.SimulationTests.Models;

/// <summary>The real services on the real statements and the naive rules side by side, fed the same operations.</summary>
internal sealed class StateMachineModel : IDisposable
{
    /// <summary>How many operations there are; each number is one of them, on one of two executions.</summary>
    public const int Operations = 20 * Executions;

    private const int Executions = 2;

    private static readonly SnapshotId Code = new("model");

    private readonly ManualClock _clock = new();
    private readonly StoreControlPlane _plane;
    private readonly SeededIds _ids;
    private readonly NaiveExecution[] _naive = new NaiveExecution[Executions];
    private readonly ExecutionId[] _id = new ExecutionId[Executions];
    // The newest lease and the one before it: whoever was replaced still tries.
    private readonly List<(Lease Real, object Naive)>[] _leases = [[], []];

    public StateMachineModel(MemoryDatabase database)
    {
        _ids = new SeededIds(new Random(1), _clock);
        _plane = new StoreControlPlane(SqliteStore.OpenInMemory(database, _clock), new MemoryArtifactStore(), _ids, NaiveExecution.Lease, _clock);
        for (var i = 0; i < Executions; i++)
        {
            _id[i] = new ExecutionId(_ids.NewId());
            _plane.Executions.CreateAsync(new NewExecution { Id = _id[i], FlowName = "f", Snapshot = Code, Inputs = Json("{}") }).GetAwaiter().GetResult();
            _naive[i] = new NaiveExecution { RunnableAt = Now };
        }
    }

    private DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Does one thing to both; null when they agree, else how they differ.</summary>
    public string? Step(int number)
    {
        var (operation, i) = (number / Executions, number % Executions);
        var (real, naive) = Do(operation, i);
        return real != naive ? $"operation {operation}: the store {(real ? "accepts" : "refuses")} it, the model does not agree" : Compare(operation);
    }

    public void Dispose() => _plane.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private (bool Real, bool Naive) Do(int operation, int i)
    {
        var (id, naive) = (_id[i], _naive[i]);
        var held = _leases[i].LastOrDefault();
        var stale = _leases[i].Count > 1 ? _leases[i][^2] : default;
        switch (operation)
        {
            case 0 or 1 or 2:
                var claimed = _plane.Workers.ClaimOneAsync(new WorkerId(_ids.NewId()), Code, id).GetAwaiter().GetResult();
                var token = naive.Claim(Now);
                if (claimed is not null && token is not null)
                    _leases[i].Add((claimed.Lease, token));
                return (claimed is not null, token is not null);
            case 3 or 4:
                return Append(held, naive, "call" + naive.Journal.Count);
            case 5:
                return Append(stale, naive, "call" + naive.Journal.Count);
            case 6 or 7:
                var wait = "wait" + (operation - 6);
                return (With(held, lease => _plane.Journal.OpenWaitAsync(lease, new NewWait(wait, null, null, null, Now))), naive.Ask(held.Naive, wait));
            case 8 or 9:
                var answered = "wait" + (operation - 8);
                return (Accepts(_plane.Waits.AnswerAsync(id, answered, JsonValue.Create(1), "m")), naive.Answer(answered, "1", Now));
            case 10:
                return (Accepts(_plane.Waits.AbortAsync(id, "wait0", "m")), naive.Answer("wait0", "aborted", Now));
            case 11:
                return See(held, naive, "wait0");
            case 12:
                return Release(held, naive, ExecutionStatus.Queued, null);
            case 13:
                return Release(held, naive, ExecutionStatus.Sleeping, Now + TimeSpan.FromSeconds(7));
            case 14:
                return Release(held, naive, ExecutionStatus.Waiting, null);
            case 15:
                var end = i == 0 ? ExecutionStatus.Failed : ExecutionStatus.Completed;
                return (With(held, lease => _plane.Journal.FinishAsync(lease, new Outcome(end, null, null, null, null))), naive.Finish(held.Naive, end));
            case 16:
                return (Accepts(_plane.Executions.CancelAsync(id)), naive.Cancel());
            case 17:
                return (Accepts(_plane.Executions.RetryAsync(id, null, "m")), naive.Retry(Now));
            case 18:
                return (Accepts(_plane.Executions.ResumeAsync(id)), naive.Resume(Now));
            default:
                return LetTimePass(held, naive);
        }
    }

    private (bool, bool) LetTimePass((Lease Real, object Naive) held, NaiveExecution naive)
    {
        _clock.Advance(TimeSpan.FromSeconds(6));
        if (held.Real is not null)
        {
            _plane.Workers.RenewAsync(held.Real.Owner, [held.Real]).GetAwaiter().GetResult();
            naive.Renew(held.Naive, Now);
        }
        _plane.Workers.ReapAsync().GetAwaiter().GetResult();
        foreach (var each in _naive)
            each.Reap(Now);
        return (true, true);
    }

    private (bool, bool) Append((Lease Real, object Naive) lease, NaiveExecution naive, string key) =>
        (With(lease, real => _plane.Journal.AppendAsync(real, Entry(JournalKind.Checkpoint, key, naive.Journal.Count + 1))), naive.Append(lease.Naive, key));

    /// <summary>Only an answer that is there, and once.</summary>
    private (bool, bool) See((Lease Real, object Naive) lease, NaiveExecution naive, string wait) =>
        naive.Waits.GetValueOrDefault(wait) is not { Answer: { } answer, Seen: false } || answer == "closed"
            ? (false, false)
            : (With(lease, real => _plane.Journal.AppendAsync(real, Entry(JournalKind.Wait, wait, naive.Journal.Count + 1))), naive.See(lease.Naive, wait));

    private (bool, bool) Release((Lease Real, object Naive) lease, NaiveExecution naive, ExecutionStatus wish, DateTimeOffset? at) =>
        (With(lease, real => _plane.Journal.ReleaseAsync(real, new Release(wish, null, at))), naive.Release(lease.Naive, wish, at, Now));

    private string? Compare(int operation)
    {
        for (var i = 0; i < Executions; i++)
        {
            var detail = _plane.Executions.GetAsync(_id[i]).GetAwaiter().GetResult();
            var (real, naive) = (detail.Execution, _naive[i]);
            var left = $"{real.Status}, held {real.Owner is not null}, runnable {real.RunnableAt:O}, asks {string.Join(' ', real.PendingWaits.Select(wait => wait.Name).Order())}, calls {detail.Calls.Count}";
            var asks = naive.Waits.Where(wait => wait.Value.Answer is null).Select(wait => wait.Key).Order();
            var right = $"{naive.Status}, held {naive.Holder is not null}, runnable {naive.RunnableAt:O}, asks {string.Join(' ', asks)}, calls {naive.Journal.Count(key => key.StartsWith("call", StringComparison.Ordinal))}";
            if (left != right)
                return $"after operation {operation} execution {i} is\n{left}\nand the model says\n{right}";
        }
        return null;
    }

    private JournalEntry Entry(JournalKind kind, string key, int seq) => new()
    {
        Seq = seq,
        Kind = kind,
        Key = key,
        Name = key,
        Status = JournalStatus.Completed,
        Value = Json("1"),
        StartedAt = Now,
        EndedAt = Now,
    };

    private static bool With((Lease Real, object Naive) lease, Func<Lease, Task> write) => lease.Real is not null && Accepts(write(lease.Real));

    private static bool Accepts(Task call)
    {
        try
        {
            call.GetAwaiter().GetResult();
            return true;
        }
        catch (KitaruException error) when (error is KitaruStateException or KitaruLeaseLostException)
        {
            return false;
        }
    }

    private static StoredValue Json(string json) => StoredValue.Of(StoredValue.Json, "object", Encoding.UTF8.GetBytes(json));
}
