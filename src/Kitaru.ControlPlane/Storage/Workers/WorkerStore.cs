using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

internal sealed class WorkerStore(StoreSession session) : IWorkerStore
{
    private static readonly Sql RegisterSql = new(
        """
        INSERT INTO worker (worker_id, snapshot_id, machine, process_id, process_ticks, started_at, seen_at, output_path, environment_id, retiring)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT (worker_id) DO UPDATE SET seen_at = excluded.seen_at, output_path = excluded.output_path, retiring = excluded.retiring
        """);

    private static readonly Sql ForgetSql = new("DELETE FROM worker WHERE worker_id = ?1");

    private const string Columns = "worker_id, snapshot_id, machine, process_id, process_ticks, started_at, output_path, environment_id, retiring, seen_at";

    private static readonly Sql ListSql = new($"SELECT {Columns} FROM worker ORDER BY started_at, worker_id");

    private static readonly Sql RenewSql = new("UPDATE execution SET lease_until = ?4 WHERE exec_id = ?1 AND owner = ?2 AND epoch = ?3");

    private static readonly Sql SeenSql = new("UPDATE worker SET seen_at = ?2 WHERE worker_id = ?1");

    /// <summary>One row without a worker where there is none.</summary>
    private static readonly Sql SurveySql = new(
        $"""
        SELECT EXISTS (SELECT 1 FROM execution WHERE owner IS NOT NULL AND lease_until < ?1), {Columns}
        FROM (SELECT 1 AS one) AS always LEFT JOIN worker ON always.one = 1 ORDER BY started_at, worker_id
        """);

    private static readonly Sql StandingSql = new("SELECT owner, epoch, status FROM execution WHERE exec_id = ?1");

    /// <summary>For PostgreSQL.</summary>
    private static readonly Sql QuietSql = new(
        """
        SELECT e.exec_id, e.owner, e.epoch FROM execution e
        WHERE e.exec_id = ANY (?1::uuid[]) AND e.owner IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM wait w WHERE w.exec_id = e.exec_id AND w.consumed = 0 AND w.status IN ('answered', 'aborted'))
        """);

    private static readonly Sql RunnableSql = new(
        """
        SELECT snapshot_id, environment_id, count(*) FROM execution
        WHERE runnable_at IS NOT NULL AND runnable_at <= ?1
        GROUP BY snapshot_id, environment_id
        """);

    private static readonly Sql NextSql = new(
        """
        SELECT runnable_at FROM execution INDEXED BY execution_due
        WHERE runnable_at > ?1 AND runnable_at IS NOT NULL
        ORDER BY runnable_at LIMIT 1
        """);

    public Task RegisterAsync(WorkerRecord worker, CancellationToken cancellationToken) =>
        session.WriteAndNotifyAsync(
            connection =>
            {
                using var statement = connection.Use(RegisterSql);
                return statement.Bind(worker.Id.Value).Bind(worker.Snapshot.Value).Bind(worker.Process.Machine).Bind(worker.Process.ProcessId)
                    .Bind(worker.Process.StartedAtTicks).Bind(worker.StartedAt).Bind(session.Now).Bind(worker.OutputPath).Bind(worker.Environment.Value).Bind(worker.IsRetiring).Run();
            },
            cancellationToken);

    public Task DeregisterAsync(WorkerId id, CancellationToken cancellationToken) =>
        session.WriteAndNotifyAsync(
            connection =>
            {
                LeaseLoss.LetGo(connection, id, session.Now);
                return Forget(connection, id);
            },
            cancellationToken);

    public Task<IReadOnlyList<KnownWorker>> ListAsync(CancellationToken cancellationToken) =>
        session.ReadAsync<IReadOnlyList<KnownWorker>>(List, cancellationToken);

    public Task<WorkerEnvironment?> FindEnvironmentAsync(EnvironmentId id, CancellationToken cancellationToken) =>
        session.ReadAsync(connection => EnvironmentRow.Find(connection, id), cancellationToken);

    public async Task<IReadOnlyList<Lease>> ClaimAsync(
        WorkerId id, WorkerKind kind, int max, ExecutionId? only, FlowFilter? flows, TimeSpan leaseDuration, CancellationToken cancellationToken)
    {
        // Most looks find nothing, and need not stand in the way of those who write.
        if (only is null && !await session.ReadAsync(connection => ClaimRow.IsAny(connection, kind, session.Now), cancellationToken).ConfigureAwait(false))
            return [];
        return await session.WriteSeveralAsync(
            connection =>
            {
                var now = session.Now;
                return ClaimRow.Claim(connection, id, kind, max, only, flows, now, now + leaseDuration);
            },
            cancellationToken,
            affinity: only?.Value ?? default).ConfigureAwait(false);
    }

    public Task<IReadOnlyList<ClaimedExecution>> ReadClaimedAsync(IReadOnlyList<Lease> leases, CancellationToken cancellationToken) =>
        session.ReadAsync<IReadOnlyList<ClaimedExecution>>(connection => ReadClaimed(connection, leases), cancellationToken);

    public Task<ClaimedExecution?> FindToRunAsync(ExecutionId id, CancellationToken cancellationToken) =>
        session.ReadAsync(
            connection => ExecutionRow.Find(connection, id) is { } execution ? ToRun(connection, new Lease(id, default, 0), execution) : null,
            cancellationToken);

    public Task RenewAsync(WorkerId id, IReadOnlyList<Lease> held, TimeSpan leaseDuration, CancellationToken cancellationToken) =>
        session.WriteSeveralAsync(
            connection =>
            {
                var now = session.Now;
                using (var seen = connection.Use(SeenSql))
                    seen.Bind(id.Value).Bind(now).Post();
                // In one order, so that two that renew and take over do not wait for each other.
                foreach (var lease in held.OrderBy(lease => lease.ExecutionId.Value))
                {
                    using var renew = connection.Use(RenewSql);
                    renew.Bind(lease).Bind(now + leaseDuration).Post();
                }
                return held.Count;
            },
            cancellationToken);

    public Task<IReadOnlyList<LeaseSignal>> ReadSignalsAsync(IReadOnlyList<Lease> leases, CancellationToken cancellationToken) =>
        session.ReadAsync<IReadOnlyList<LeaseSignal>>(connection => ReadSignals(connection, leases), cancellationToken);

    public Task<WorkerSurvey> SurveyAsync(CancellationToken cancellationToken) =>
        session.ReadAsync(
            connection =>
            {
                var (known, anyExpired) = (new List<KnownWorker>(), false);
                using var row = connection.Use(SurveySql);
                row.Bind(session.Now);
                while (row.Step())
                {
                    anyExpired = row.Boolean();
                    if (!row.IsNull())
                        known.Add(Read(row));
                }
                return new WorkerSurvey(known, anyExpired);
            },
            cancellationToken);

    public Task TakeOverAsync(Takeover takeover, CancellationToken cancellationToken) =>
        session.WriteAndNotifyAsync(
            connection =>
            {
                LeaseLoss.TakeOver(connection, takeover, session.Now);
                return takeover.Dead.Sum(worker => Forget(connection, worker));
            },
            cancellationToken);

    public Task<RunnableWork> FindRunnableAsync(CancellationToken cancellationToken) =>
        session.ReadAsync(FindRunnable, cancellationToken);

    private static int Forget(Connection connection, WorkerId id)
    {
        using var statement = connection.Use(ForgetSql);
        return statement.Bind(id.Value).Run();
    }

    private static List<KnownWorker> List(Connection connection)
    {
        var workers = new List<KnownWorker>();
        using var row = connection.Use(ListSql);
        while (row.Step())
            workers.Add(Read(row));
        return workers;
    }

    private static KnownWorker Read(Statement row)
    {
        var worker = new WorkerRecord
        {
            Id = new WorkerId(row.Id()),
            Snapshot = new SnapshotId(row.Text()),
            Process = new ProcessIdentity(row.Text(), row.Int32(), row.Int64()),
            StartedAt = row.Time(),
            OutputPath = row.TextOrNull(),
            Environment = new EnvironmentId(row.Text()),
            IsRetiring = row.Boolean(),
        };
        return new KnownWorker(worker, row.Time());
    }

    private static List<ClaimedExecution> ReadClaimed(Connection connection, IReadOnlyList<Lease> leases)
    {
        var claimed = new List<ClaimedExecution>();
        foreach (var lease in leases)
        {
            // Cancelled since the claim: there is nothing to run.
            if (ExecutionRow.Find(connection, lease.ExecutionId) is not { } execution || execution.Owner != lease.Owner || execution.Epoch != lease.Epoch)
                continue;
            claimed.Add(ToRun(connection, lease, execution));
        }
        return claimed;
    }

    /// <summary>What was never held before has nothing on record.</summary>
    private static ClaimedExecution ToRun(Connection connection, Lease lease, ExecutionRecord execution) => lease.Epoch == 1 && execution.OriginalId is null
        ? new ClaimedExecution(lease, execution, [], [], [])
        : new ClaimedExecution(
        lease,
        execution,
        JournalRow.List(connection, lease.ExecutionId, withBytes: true),
        AttemptRow.ListOpen(connection, lease.ExecutionId),
        WaitRow.List(connection, lease.ExecutionId),
        execution.OriginalId is null ? null : ReplayRow.Find(connection, lease.ExecutionId));

    private static List<LeaseSignal> ReadSignals(Connection connection, IReadOnlyList<Lease> leases)
    {
        var signals = new List<LeaseSignal>();
        var quiet = connection.Dialect == Dialect.Postgres && leases.Count > 1 ? FindQuiet(connection, leases) : [];
        foreach (var lease in leases.Where(lease => !quiet.Contains(lease)))
        {
            if (!IsHeld(connection, lease, out var cancelled))
                signals.Add(new LeaseSignal(lease.ExecutionId, Lost: true, cancelled, []));
            else if (WaitRow.ListUnseen(connection, lease.ExecutionId) is { Count: > 0 } resolved)
                signals.Add(new LeaseSignal(lease.ExecutionId, Lost: false, Cancelled: false, resolved));
        }
        return signals;
    }

    /// <summary>Leases that are held and have nothing to tell, which most are: one statement where each costs a round trip.</summary>
    private static HashSet<Lease> FindQuiet(Connection connection, IReadOnlyList<Lease> leases)
    {
        var quiet = new HashSet<Lease>();
        using var row = connection.Use(QuietSql);
        row.Bind($"{{{string.Join(',', leases.Select(lease => lease.ExecutionId))}}}");
        while (row.Step())
            quiet.Add(new Lease(new ExecutionId(row.Id()), new WorkerId(row.Id()), row.Int64()));
        return quiet;
    }

    private static bool IsHeld(Connection connection, Lease lease, out bool cancelled)
    {
        using var row = connection.Use(StandingSql);
        cancelled = false;
        if (!row.Bind(lease.ExecutionId.Value).Step())
            return false;
        var (owner, epoch, status) = (row.IdOrNull(), row.Int64(), row.Text());
        cancelled = status == "cancelled";
        return owner == lease.Owner.Value && epoch == lease.Epoch;
    }

    private RunnableWork FindRunnable(Connection connection)
    {
        var now = session.Now;
        var kinds = new Dictionary<WorkerKind, int>();
        using (var row = connection.Use(RunnableSql))
        {
            row.Bind(now);
            while (row.Step())
                kinds.Add(new WorkerKind(new SnapshotId(row.Text()), new EnvironmentId(row.Text())), row.Int32());
        }
        using var next = connection.Use(NextSql);
        return new RunnableWork(kinds, next.Bind(now).Step() ? next.Time() : null);
    }
}
