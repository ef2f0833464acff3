using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.Postgres;

/// <summary>
/// What an open store does by itself every few seconds: ask for the time, and, if anybody has written anything since, look around in case a message was lost, and fold the
/// counts. A database at rest is asked one statement and nobody is woken.
/// </summary>
internal sealed class Housekeeping : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Two equal snapshots see the same: no transaction that wrote has ended between them.</summary>
    private static readonly Sql LookSql = new("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, pg_current_snapshot()::text");
    private static readonly Sql TryLockSql = new("SELECT pg_try_advisory_xact_lock(?1)");
    private static readonly Sql IsLongSql = new("SELECT EXISTS (SELECT 1 FROM execution_change OFFSET ?1)");
    private static readonly Sql HasCountsSql = new("SELECT to_regclass('execution_change') IS NOT NULL");
    private static readonly Sql FoldSql = new(
        """
        WITH folded AS (DELETE FROM execution_change RETURNING flow_id, stack_name, status, executions)
        INSERT INTO execution_change
        SELECT flow_id, stack_name, status, sum(executions) FROM folded GROUP BY flow_id, stack_name, status HAVING sum(executions) <> 0
        """);

    private const long ChangesMax = 500;

    private readonly PostgresSession _session;
    private readonly Action _lookAround;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private string _seen = "";

    public Housekeeping(PostgresSession session, Action lookAround)
    {
        (_session, _lookAround) = (session, lookAround);
        _running = RunAsync();
    }

    /// <summary>The database's clock, asked once.</summary>
    public static DatabaseClock ClockOf(PostgresConnection connection)
    {
        var clock = new DatabaseClock();
        Ask(connection, clock);
        return clock;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        while (await NextAsync(timer).ConfigureAwait(false))
        {
            try
            {
                var look = await _session.ReadAsync(Look, _stop.Token).ConfigureAwait(false);
                if (look.Snapshot == _seen)
                    continue;
                _lookAround();
                if (look.IsLong)
                    await _session.WriteSeveralAsync(Fold, _stop.Token).ConfigureAwait(false);
                _seen = look.Snapshot;
            }
            catch (Exception error) when (error is KitaruBackendException or OperationCanceledException or ObjectDisposedException)
            {
                // There is a next time.
            }
        }
    }

    private async Task<bool> NextAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private (string Snapshot, bool IsLong) Look(Connection connection)
    {
        var snapshot = Ask(connection, _session.Time as DatabaseClock);
        return (snapshot, snapshot != _seen && IsLong(connection));
    }

    private static bool IsLong(Connection connection)
    {
        using (var has = connection.Use(HasCountsSql))
        {
            has.Step();
            if (!has.Boolean())
                return false;
        }
        using var isLong = connection.Use(IsLongSql);
        isLong.Bind(ChangesMax).Step();
        return isLong.Boolean();
    }

    private static string Ask(Connection connection, DatabaseClock? clock)
    {
        var askedAt = TimeProvider.System.GetTimestamp();
        using var look = connection.Use(LookSql);
        look.Step();
        var (said, snapshot) = (look.Time(), look.Text());
        clock?.Set(said, askedAt, TimeProvider.System.GetTimestamp());
        return snapshot;
    }

    private bool Fold(Connection connection)
    {
        using (var one = connection.Use(TryLockSql))
        {
            one.Bind(PostgresConnection.LockKey(_session.Schema, "fold")).Step();
            if (!one.Boolean())
                return false;
        }
        connection.Run(FoldSql);
        return true;
    }
}
