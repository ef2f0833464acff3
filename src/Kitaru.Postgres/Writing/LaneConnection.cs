using System.Diagnostics;
using Kitaru.ControlPlane.Storage;
using Npgsql;

namespace Kitaru.Postgres;

/// <summary>
/// A lane's connection, made anew when it breaks. A transaction that was lost before its commit was sent is made again; one whose commit was sent is
/// looked up by its number.
/// </summary>
internal sealed class LaneConnection(NpgsqlDataSource source, string schema, string store) : IDisposable
{
    private static readonly TimeSpan ReconnectMax = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(1);

    /// <summary>Writers go by keys: one plan serves for all values, and it never reads a whole table because that was small when the plan was made.</summary>
    private const string Settings = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET jit = off";

    private const string BeginText = "BEGIN";
    private const string CommitText = "COMMIT";
    private const string NumberText = "SELECT pg_current_xact_id()::text";
    private static readonly Sql RollbackSql = new("ROLLBACK");
    private static readonly Sql StatusSql = new("SELECT pg_xact_status(?1::xid8)");

    private readonly ManualResetEventSlim _stopping = new();
    private PostgresConnection? _connection;
    private string? _number;
    private bool _commitSent;
    private bool _isOpen;

    /// <summary>Where it is, for messages.</summary>
    public string Store => store;

    /// <summary>From now on nobody waits for a server that does not answer.</summary>
    public void Stop() => _stopping.Set();

    /// <summary>Makes these changes in one transaction.</summary>
    /// <exception cref="PostgresRefusal">PostgreSQL refused; nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">Nobody can say.</exception>
    /// <exception cref="AnswersLostException">All was written.</exception>
    public void Commit(IReadOnlyList<WriteOperation> operations)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                Attempt(operations);
                return;
            }
            catch (PostgresRefusal refusal) when (refusal.IsLost)
            {
                Drop();
                if (_commitSent && WasCommitted(refusal, startedAt, operations))
                    return;
                if (_stopping.IsSet || Stopwatch.GetElapsedTime(startedAt) > ReconnectMax)
                    throw;
            }
            catch
            {
                Rollback();
                throw;
            }
        }
    }

    /// <summary>Makes these changes, at the first attempt or not at all: then they are to be made by <see cref="Commit"/>, which may well repeat them.</summary>
    public bool TryCommit(IReadOnlyList<WriteOperation> operations)
    {
        if (_connection is not { } connection)
            return false;
        (_commitSent, _number, _isOpen) = (false, null, false);
        try
        {
            OperationGroup.PostAll(operations.OfType<RepeatableOperation>(), connection);
            connection.Flush();
            return true;
        }
#pragma warning disable CA1031 // Whatever it was comes again.
        catch (Exception)
#pragma warning restore CA1031
        {
            Rollback();
            return false;
        }
    }

    public void Dispose()
    {
        Drop();
        _stopping.Dispose();
    }

    private void Attempt(IReadOnlyList<WriteOperation> operations)
    {
        (_commitSent, _number) = (false, null);
        var connection = _connection ??= Connect();
        var several = operations.Any(operation => operation is not RepeatableOperation);
        _isOpen = several;
        if (several)
        {
            connection.Post(new NpgsqlBatchCommand(BeginText), hasRows: false);
            connection.Post(new NpgsqlBatchCommand(NumberText), hasRows: true, row: reader => _number = reader.GetString(0));
        }
        OperationGroup.PostAll(operations.OfType<RepeatableOperation>(), connection);
        foreach (var operation in operations)
        {
            if (operation is not RepeatableOperation)
                operation.Run(connection);
        }
        if (several)
        {
            // Without its number, a transaction whose commit gets no answer could not be looked up.
            if (_number is null)
                connection.Flush();
            connection.Post(new NpgsqlBatchCommand(CommitText), hasRows: false);
        }
        _commitSent = true;
        connection.Flush();
    }

    private PostgresConnection Connect()
    {
        var startedAt = Stopwatch.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(20);
        while (true)
        {
            try
            {
                return PostgresConnection.Open(source, schema, Settings);
            }
            catch (PostgresRefusal refusal) when (refusal.IsLost && Stopwatch.GetElapsedTime(startedAt) < ReconnectMax)
            {
                if (_stopping.Wait(pause))
                    throw;
                pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
            }
        }
    }

    /// <summary>False: it was not, and may be made again.</summary>
    private bool WasCommitted(PostgresRefusal refusal, long startedAt, IReadOnlyList<WriteOperation> operations)
    {
        // Single statements change nothing a second time.
        if (_number is null)
            return false;
        while (Stopwatch.GetElapsedTime(startedAt) < ReconnectMax)
        {
            try
            {
                using var connection = Connect();
                using var status = connection.Use(StatusSql);
                switch (status.Bind(_number).Step() ? status.TextOrNull() : null)
                {
                    case "committed":
                        return operations.Any(operation => operation is RepeatableOperation) ? throw new AnswersLostException() : true;
                    case "aborted":
                        return false;
                    case null:
                        throw Unknown(refusal);
                }
            }
            catch (PostgresRefusal lost) when (lost.IsLost)
            {
                // Asked again until it answers.
            }
            if (_stopping.Wait(TimeSpan.FromMilliseconds(50)))
                break;
        }
        throw Unknown(refusal);
    }

    private OutcomeUnknownException Unknown(PostgresRefusal refusal) =>
        new(PostgresErrors.Of((NpgsqlException)refusal.InnerException!, store, outcomeKnown: false));

    private void Rollback()
    {
        if (_connection is null)
            return;
        try
        {
            _connection.Forget();
            if (!_connection.IsBroken && _isOpen)
                _connection.Run(RollbackSql);
        }
#pragma warning disable CA1031 // A connection that cannot even do that is of no use, whatever it says.
        catch (Exception)
#pragma warning restore CA1031
        {
            Drop();
        }
        if (_connection?.IsBroken == true)
            Drop();
    }

    private void Drop()
    {
        var connection = _connection;
        _connection = null;
        try
        {
            connection?.Dispose();
        }
        catch (NpgsqlException)
        {
            // It was lost while it was being read.
        }
    }
}
