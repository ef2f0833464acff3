using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.Postgres;

/// <summary>
/// Large values in the schema of the rows that refer to them, in parts. A row that refers to one is written only by a transaction that holds the value's
/// row; so no value goes while somebody is about to refer to it.
/// </summary>
internal sealed class PostgresArtifactStore(PostgresSession session) : IArtifactStore
{
    internal const int PartBytes = 1024 * 1024;
    private const int HashLength = 64;

    /// <summary>Stored again, it is young again; whoever is just removing it has either gone or finds it young.</summary>
    private static readonly Sql PutSql = new(
        """
        INSERT INTO large_value (hash, size, stored_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (hash) DO UPDATE SET stored_at = excluded.stored_at
        RETURNING xmax = 0
        """);

    private static readonly Sql PutPartSql = new("INSERT INTO large_value_part (hash, part, bytes) VALUES (?1, ?2, ?3)");
    private static readonly Sql SizeSql = new("SELECT size FROM large_value WHERE hash = ?1");
    private static readonly Sql PartSql = new("SELECT substr(bytes, ?3::int, ?4::int) FROM large_value_part WHERE hash = ?1 AND part = ?2");

    public Task PutAsync(string hash, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        var key = Key(hash);
        return session.WriteAloneAsync(
            connection =>
            {
                using (var put = connection.Use(PutSql))
                {
                    put.Bind(key).Bind((long)bytes.Length).Bind(session.Now).Step();
                    if (!put.Boolean())
                        return false;
                }
                for (var part = 0; part * (long)PartBytes < bytes.Length; part++)
                {
                    var rest = bytes[(part * PartBytes)..];
                    using var add = connection.Use(PutPartSql);
                    // One part at a time: a large value is not copied whole.
                    add.Bind(key).Bind((long)part).Bind(rest[..Math.Min(PartBytes, rest.Length)].Span).Run();
                }
                return true;
            },
            cancellationToken);
    }

    public async Task<byte[]> ReadAsync(string hash, long offset, int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var key = Key(hash);
        return await session.ReadAsync(connection => Read(connection, key, offset, count), cancellationToken).ConfigureAwait(false)
            ?? throw new KitaruNotFoundException($"No value with hash {hash} lies in {session.Store}.", "Restore the database from a copy that has it.");
    }

    private static byte[]? Read(Connection connection, byte[] key, long offset, int count)
    {
        long size;
        using (var find = connection.Use(SizeSql))
        {
            if (!find.Bind(key).Step())
                return null;
            size = find.Int64();
        }
        var bytes = new byte[Math.Clamp(size - offset, 0, count)];
        for (var read = 0; read < bytes.Length;)
        {
            var (part, start) = Math.DivRem(offset + read, PartBytes);
            using var row = connection.Use(PartSql);
            if (!row.Bind(key).Bind(part).Bind(start + 1).Bind((long)Math.Min(PartBytes - start, bytes.Length - read)).Step())
                throw new KitaruBackendException($"Part {part} of the value {Convert.ToHexStringLower(key)} is missing.", "Restore the database from a copy that has it.");
            var some = row.Bytes();
            some.CopyTo(bytes, read);
            read += some.Length;
        }
        return bytes;
    }

    /// <summary>The name comes from outside: it must be a hash.</summary>
    private static byte[] Key(string hash) => hash.Length == HashLength && hash.All(char.IsAsciiHexDigitLower)
        ? Convert.FromHexString(hash)
        : throw new KitaruUsageException($"'{Texts.Short(hash)}' is not the SHA-256 of a value: expected 64 lower-case hex digits.");
}
