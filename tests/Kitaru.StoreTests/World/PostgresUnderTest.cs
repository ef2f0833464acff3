using System.Collections.Concurrent;
using Kitaru.ControlPlane.Secrets;
using Kitaru.Core;
using Kitaru.Postgres;
using Kitaru.PostgresForTests;
using Npgsql;

namespace Kitaru.StoreTests;

/// <summary>A schema of its own in a private PostgreSQL.</summary>
internal sealed class PostgresUnderTest : IStoreUnderTest
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(10);

    private readonly List<IControlPlane> _opened = [];
    private readonly MemorySecretKeys _keys = new();

    private static readonly ConcurrentBag<string> Clean = [];

    /// <summary>One that a test has left, emptied: making one takes ten times as long.</summary>
    public string Schema { get; } = Clean.TryTake(out var left) ? left : "t_" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));

    public static string ConnectionString => PostgresCluster.Shared!.ConnectionString + ";Maximum Pool Size=30;Timeout=30";

    public ManualTime Time { get; } = new();

    public async Task<IControlPlane> OpenAsync()
    {
        var plane = await PostgresStore.OpenControlPlaneAsync(ConnectionString, Schema, LeaseDuration, _keys, Time);
        _opened.Add(plane);
        return plane;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var plane in _opened)
            await plane.DisposeAsync();
        if (_opened.Count == 0)
            return;
        await using var source = NpgsqlDataSource.Create(ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand(
            $"""
            SET session_replication_role = replica;
            DO $$
            DECLARE name text;
            BEGIN
                FOR name IN SELECT relname FROM pg_class WHERE relnamespace = '"{Schema}"'::regnamespace AND relkind = 'r' AND relname <> 'schema_version' LOOP
                    EXECUTE format('DELETE FROM %I.%I', '{Schema}', name);
                END LOOP;
            END $$
            """);
        await command.ExecuteNonQueryAsync();
        Clean.Add(Schema);
    }
}
