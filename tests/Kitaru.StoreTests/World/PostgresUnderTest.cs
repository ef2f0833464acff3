using Kitaru.ControlPlane.Secrets;
using Kitaru.Core;
using Kitaru.Postgres;
using Kitaru.PostgresForTests;

namespace Kitaru.StoreTests;

/// <summary>A schema of its own in a private PostgreSQL.</summary>
internal sealed class PostgresUnderTest : IStoreUnderTest
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(10);

    private readonly List<IControlPlane> _opened = [];
    private readonly MemorySecretKeys _keys = new();

    public string Schema { get; } = "t_" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));

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
    }
}
