using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>What every noun of the driver works with: a way to write, a way to read, and the clock that gives the store its present.</summary>
internal abstract class SqliteSession(TimeProvider time) : IAsyncDisposable
{
    public TimeProvider Time => time;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>One statement, atomic by itself.</summary>
    public Task<T> WriteAsync<T>(Func<Connection, T> body, CancellationToken cancellationToken, int sizeBytes = 512) =>
        RunAsync(body, WriteTraits.None, cancellationToken, sizeBytes);

    /// <summary>Several statements, all or none.</summary>
    public Task<T> WriteSeveralAsync<T>(Func<Connection, T> body, CancellationToken cancellationToken, int sizeBytes = 1024) =>
        RunAsync(body, WriteTraits.Several, cancellationToken, sizeBytes);

    /// <summary>Several statements that others wait for.</summary>
    public Task<T> WriteAndNotifyAsync<T>(Func<Connection, T> body, CancellationToken cancellationToken, int sizeBytes = 1024) =>
        RunAsync(body, WriteTraits.Several | WriteTraits.Notifies, cancellationToken, sizeBytes);

    /// <summary>Several statements that go by nothing but what is committed.</summary>
    public Task<T> WriteAloneAsync<T>(Func<Connection, T> body, CancellationToken cancellationToken) =>
        RunAsync(body, WriteTraits.Several | WriteTraits.Alone, cancellationToken, sizeBytes: 1024);

    /// <summary>Runs <paramref name="read"/> on one unchanging view of the store.</summary>
    public abstract Task<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken cancellationToken);

    /// <inheritdoc cref="IStore.WaitForChangeAsync"/>
    public abstract Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    /// <summary>Makes a change; the task ends when it is as durable as this store can make it.</summary>
    protected internal abstract Task<T> RunAsync<T>(Func<Connection, T> body, WriteTraits traits, CancellationToken cancellationToken, int sizeBytes);

    /// <summary>Roughly how many bytes a value adds to the log.</summary>
    public static int SizeOf(StoredValue? value) => 512 + (value?.Inline?.Length ?? 0);
}
