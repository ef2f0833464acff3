namespace Kitaru.ControlPlane.Storage;

/// <summary>One connection to a database, with its prepared statements; used by one thread at a time.</summary>
internal abstract class Connection : IDisposable
{
    /// <summary>Which of the texts of a statement this database understands.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>Rows changed since the connection was opened.</summary>
    public abstract long TotalChanges { get; }

    /// <summary>Whether a large value stands in the artifact store, and stays there until this transaction ends; true when nobody can tell.</summary>
    public abstract bool HasLargeValue(string hash);

    /// <summary>The statement, ready to be bound. Dispose ends its use; only one is used at a time.</summary>
    public abstract Statement Use(Sql sql);

    /// <summary>Reads with a statement that was made for this one call; it is not kept.</summary>
    public abstract T ReadOnce<T>(string text, Func<Statement, T> read);

    /// <summary>The first column of the first row of a statement that is used once, as text.</summary>
    public string? Scalar(string text) => ReadOnce(text, static statement => statement.Step() ? statement.Text() : null);

    /// <summary>Runs a statement without parameters.</summary>
    public void Run(Sql sql)
    {
        using var statement = Use(sql);
        statement.Run();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes it.</summary>
    protected abstract void Dispose(bool disposing);
}
