using Kitaru.ControlPlane.Storage;

namespace Kitaru.Postgres;

/// <summary>A change of one statement. Every such statement changes nothing when it is run again, so it may be repeated when its answer was lost.</summary>
internal sealed class OneOperation(Sql sql, Action<Statement> bind, WriteShape shape) : WriteOperation<int>(static _ => 0, shape)
{
    /// <summary>Puts it beside others that travel together.</summary>
    public void Post(PostgresConnection connection)
    {
        using var statement = connection.Use(sql);
        bind(statement);
        statement.Post(Answer);
    }
}
