using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>Changes that look at several rows, or at names, before they write.</summary>
internal enum OneAtATime
{
    /// <summary>Numbers and tags of deployments.</summary>
    Deployments = 1,

    /// <summary>Secrets, their keys, and stacks, which bring secrets along.</summary>
    Secrets = 2,
}

/// <summary>One connection to a database, with its prepared statements; used by one thread at a time.</summary>
internal abstract class Connection : IDisposable
{
    /// <summary>Which of the texts of a statement this database understands.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>Rows changed since the connection was opened.</summary>
    public abstract long TotalChanges { get; }

    /// <summary>Whether a large value stands in the artifact store, and stays there until this transaction ends; true when nobody can tell.</summary>
    public abstract bool HasLargeValue(string hash);

    /// <summary>Holds an execution's row until this transaction ends, for a change that is decided by more than one statement.</summary>
    public virtual void Lock(ExecutionId id)
    {
        // Where one transaction writes at a time, there is nothing to hold.
    }

    /// <summary>Lets one change of this kind at a time go on, until this transaction ends.</summary>
    public virtual void Lock(OneAtATime kind)
    {
    }

    /// <summary>Lets one change under this key at a time go on, until this transaction ends.</summary>
    public virtual void LockKey(string key)
    {
    }

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
