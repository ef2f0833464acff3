using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>What every noun of the driver works with: the writer, the readers and the clock that gives the store its present.</summary>
internal sealed record SqliteSession(Writer Writer, ReaderPool Readers, TimeProvider Time)
{
    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>One statement, atomic by itself.</summary>
    public Task<T> WriteAsync<T>(Func<Connection, T> body, CancellationToken cancellationToken, int sizeBytes = 512) =>
        Writer.RunAsync(body, WriteTraits.None, cancellationToken, sizeBytes);

    /// <summary>Several statements, all or none.</summary>
    public Task<T> WriteSeveralAsync<T>(Func<Connection, T> body, CancellationToken cancellationToken, int sizeBytes = 1024) =>
        Writer.RunAsync(body, WriteTraits.Several, cancellationToken, sizeBytes);

    /// <summary>Several statements that others wait for.</summary>
    public Task<T> WriteAndNotifyAsync<T>(Func<Connection, T> body, CancellationToken cancellationToken, int sizeBytes = 1024) =>
        Writer.RunAsync(body, WriteTraits.Several | WriteTraits.Notifies, cancellationToken, sizeBytes);

    /// <summary>Several statements that go by nothing but what is committed.</summary>
    public Task<T> WriteAloneAsync<T>(Func<Connection, T> body, CancellationToken cancellationToken) =>
        Writer.RunAsync(body, WriteTraits.Several | WriteTraits.Alone, cancellationToken);

    public Task<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken cancellationToken) => Readers.ReadAsync(read, cancellationToken);

    /// <summary>Roughly how many bytes a value adds to the log.</summary>
    public static int SizeOf(StoredValue? value) => 512 + (value?.Inline?.Length ?? 0);
}
