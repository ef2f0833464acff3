namespace Kitaru.ControlPlane.Storage;

/// <summary>A statement with what it is given.</summary>
/// <param name="Sql">The statement.</param>
/// <param name="Bind">Gives it; may be called more than once.</param>
internal readonly record struct Change(Sql Sql, Action<Statement> Bind)
{
    /// <summary>Makes it, and says how many rows it changed.</summary>
    public int Run(Connection connection)
    {
        using var statement = connection.Use(Sql);
        Bind(statement);
        return statement.Run();
    }

    /// <summary>Makes it without an answer.</summary>
    public void Post(Connection connection)
    {
        using var statement = connection.Use(Sql);
        Bind(statement);
        statement.Post();
    }
}
