using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.Postgres;

/// <summary>Changes that change nothing when they are made again, so they travel in one round trip and may be repeated when their answer was lost.</summary>
internal sealed class RepeatableOperation(IReadOnlyList<Change> changes, WriteShape shape) : WriteOperation<int>(static _ => 0, shape)
{
    /// <summary>The statement, when there is just one and many of it become one.</summary>
    public ManyRows? Many => changes.Count == 1 ? changes[0].Sql.Many : null;

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

    /// <summary>As one row of a statement that changes many.</summary>
    public void AddTo(ManyStatement many, PostgresConnection connection)
    {
        using var statement = connection.Use(changes[0].Sql);
        changes[0].Bind(statement);
        many.Add(statement.Take().Parameters, this);
    }
}
