using Kitaru.ControlPlane.Storage;
using Kitaru.Core;
using Npgsql;

namespace Kitaru.Postgres;

/// <summary>Changes that change nothing when they are made again, so they travel in one round trip and may be repeated when their answer was lost.</summary>
internal sealed class RepeatableOperation(IReadOnlyList<Change> changes, WriteShape shape) : WriteOperation<int>(static _ => 0, shape)
{
    /// <summary>The statements it becomes in company, when each of its changes can; empty otherwise.</summary>
    public IReadOnlyList<ManyRows> Many { get; } = changes.All(change => change.Sql.Many is not null) ? [.. changes.Select(change => change.Sql.Many!)] : [];

    /// <summary>Puts them beside others that travel together.</summary>
    public void Post(PostgresConnection connection)
    {
        if ((Traits & WriteTraits.Locks) != 0)
            connection.Lock(new ExecutionId(Affinity));
        using (var first = connection.Use(changes[0].Sql))
        {
            changes[0].Bind(first);
            first.Post(Answer);
        }
        foreach (var change in changes.Skip(1))
            change.Post(connection);
    }

    /// <summary>What one of the changes is given.</summary>
    public NpgsqlParameterCollection Parameters(int change, PostgresConnection connection)
    {
        using var statement = connection.Use(changes[change].Sql);
        changes[change].Bind(statement);
        return statement.Take().Parameters;
    }
}
