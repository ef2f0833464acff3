using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;

namespace Kitaru.StoreTests.Sqlite;

/// <summary>The schema of the embedded store, as file and as it comes about.</summary>
public sealed class MigrationTests : IDisposable
{
    private const string SnapshotFile = "src/Kitaru.ControlPlane/Storage/Sqlite/schema.sql";
    private const string SchemaText = "SELECT group_concat(sql || ';', char(10) || char(10)) FROM (SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name <> 'schema_version' ORDER BY rowid)";

    private readonly string _folder = Directory.CreateTempSubdirectory("kitaru-migrate-").FullName;

    private string Database => Path.Combine(_folder, "kitaru.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>schema.sql is the whole present schema, for readers. To renew it, run with KITARU_UPDATE_SNAPSHOTS=1.</summary>
    [Fact]
    public async Task Migrations_FromEmpty_GiveTheCheckedInSchema()
    {
        await OpenAndCloseAsync();
        var schema = Ask(SchemaText) + "\n";
        var file = Path.Combine(Repository(), SnapshotFile);
        if (Environment.GetEnvironmentVariable("KITARU_UPDATE_SNAPSHOTS") == "1")
            await File.WriteAllTextAsync(file, schema);

        schema.ShouldBe(await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Open_Again_AppliesNothingTwice()
    {
        await OpenAndCloseAsync();
        await OpenAndCloseAsync();

        Ask("SELECT count(*) FROM schema_version").ShouldBe(Migrator.Project.Known.Count.ToString());
    }

    [Fact]
    public async Task Open_ManyAtOnceOnAnEmptyFolder_EndsWell()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => SqliteStore.Open(Database, TimeProvider.System))));
        foreach (var store in stores)
            await store.DisposeAsync();

        Ask("SELECT count(*) FROM schema_version").ShouldBe(Migrator.Project.Known.Count.ToString());
    }

    [Fact]
    public async Task Open_AStoreOfANewerProgram_IsRefusedNamingBothVersions()
    {
        await OpenAndCloseAsync();
        Do("INSERT INTO schema_version VALUES (9999, '9999_future', 'Kitaru 7.0.0', 0)");

        var error = Should.Throw<KitaruBackendException>(() => SqliteStore.Open(Database, TimeProvider.System));

        error.Message.ShouldContain("9999");
        error.Message.ShouldContain("Kitaru 7.0.0");
        error.Message.ShouldContain(MigrationLine.Program);
        error.NextStep!.ShouldContain("Update");
    }

    [Fact]
    public void Open_ADatabaseOfAnotherProgram_IsRefusedAndLeftAlone()
    {
        FileGate.CreateForOwnerOnly(Database);
        Do("CREATE TABLE recipe (name TEXT)");

        var error = Should.Throw<KitaruBackendException>(() => SqliteStore.Open(Database, TimeProvider.System));

        error.Message.ShouldContain("recipe");
        Ask("SELECT group_concat(name) FROM sqlite_schema").ShouldBe("recipe");
    }

    [Fact]
    public async Task Open_AFileThatIsNoDatabase_IsRefused()
    {
        await File.WriteAllTextAsync(Database, new string('x', 10_000));

        Should.Throw<KitaruBackendException>(() => SqliteStore.Open(Database, TimeProvider.System)).Message.ShouldContain(Database);
    }

    [Fact]
    public void Migrations_AreNumberedWithoutGaps() =>
        Migrator.Project.Known.Select(migration => migration.Version).ShouldBe(Enumerable.Range(1, Migrator.Project.Known.Count));

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Kitaru.slnx")))
            folder = folder.Parent;
        return folder.FullName;
    }

    private async Task OpenAndCloseAsync() => await SqliteStore.Open(Database, TimeProvider.System).DisposeAsync();

    private string? Ask(string sql)
    {
        using var connection = SqliteConnection.Open(Database, 1000);
        return connection.Scalar(sql);
    }

    private void Do(string sql)
    {
        using var connection = SqliteConnection.Open(Database, 1000);
        connection.Script(sql);
    }
}
