using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Secrets;
using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.StoreTests;

/// <summary>The same statements on a database in memory, as tests and simulations use it.</summary>
internal sealed class MemoryUnderTest : IStoreUnderTest
{
    private static readonly TimeSpan LeaseDuration = new EmbeddedOptions { Directory = new ConfigDirectory("unused") }.LeaseDuration;

    private readonly string _files = Directory.CreateTempSubdirectory("kitaru-store-").FullName;
    private readonly MemoryDatabase _database;
    private readonly MemorySecretKeys _keys = new();

    public MemoryUnderTest() => _database = new MemoryDatabase(Time);

    public ManualTime Time { get; } = new();

    public Task<IControlPlane> OpenAsync() => Task.FromResult<IControlPlane>(new StoreControlPlane(
        SqliteStore.OpenInMemory(_database, Time), new LocalArtifactStore(_files, Time), new IdFactory(Time), LeaseDuration, Time, keys: _keys));

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        Directory.Delete(_files, recursive: true);
        return ValueTask.CompletedTask;
    }
}
