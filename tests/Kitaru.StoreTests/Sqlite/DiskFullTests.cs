using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;

namespace Kitaru.StoreTests.Sqlite;

/// <summary>A full disk, played by SQLite's own limit on pages.</summary>
public sealed class DiskFullTests
{
    [Fact]
    public async Task Write_OnAFullDisk_FailsInWords_KeepsWhatWasThere_AndWorksAgainLater()
    {
        await using var disk = new SmallDisk();
        var kept = await disk.CreateAsync(10);
        await disk.LimitPagesAsync(1);

        var error = await Should.ThrowAsync<KitaruBackendException>(() => disk.CreateAsync(60_000));

        error.Message.ShouldContain("the disk is full");
        error.Message.ShouldContain("Nothing was written");
        error.NextStep!.ShouldContain("Free some space");
        (await disk.Plane.Executions.ListAsync(new ExecutionQuery())).Items.ShouldHaveSingleItem().Id.ShouldBe(kept);
        await disk.LimitPagesAsync(1_000_000);
        await disk.CreateAsync(60_000);
    }

    [Fact]
    public async Task Write_ManyOnAFullDisk_EveryCallerHearsOfIt_AndNobodyIsToldALie()
    {
        await using var disk = new SmallDisk();
        await disk.LimitPagesAsync(1);

        var writes = Enumerable.Range(0, 40).Select(_ => disk.CreateAsync(20_000)).ToList();
        await Task.WhenAll(writes.Select(async write => await Record.ExceptionAsync(() => write)));

        writes.Where(write => write.IsFaulted).ShouldNotBeEmpty();
        var stored = (await disk.Plane.Executions.ListAsync(new ExecutionQuery { Limit = 1000 })).Items.Select(record => record.Id).ToHashSet();
        stored.SetEquals(writes.Where(write => write.IsCompletedSuccessfully).Select(write => write.Result)).ShouldBeTrue();
    }

    private sealed class SmallDisk : IAsyncDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("kitaru-full-").FullName;
        private readonly IdFactory _ids = new(TimeProvider.System);
        private readonly SqlStore _store;

        public SmallDisk()
        {
            _store = SqliteStore.Open(Path.Combine(_folder, "kitaru.db"), TimeProvider.System);
            Plane = new StoreControlPlane(_store, new LocalArtifactStore(_folder), _ids, TimeSpan.FromSeconds(10), TimeProvider.System);
        }

        public StoreControlPlane Plane { get; }

        /// <summary>SQLite raises a limit below the present size to the present size.</summary>
        public Task LimitPagesAsync(int pages) => _store.Session.RunAsync(
            connection => connection.Scalar($"PRAGMA max_page_count = {pages}"), new WriteShape(WriteTraits.None, 0), CancellationToken.None);

        public async Task<ExecutionId> CreateAsync(int inputBytes) => (await Plane.Executions.CreateAsync(new NewExecution
        {
            Id = new ExecutionId(_ids.NewId()),
            FlowName = "f",
            Snapshot = new SnapshotId("s"),
            Inputs = StoredValue.Of(StoredValue.Bytes, "byte[]", new byte[inputBytes]),
        })).Id;

        public async ValueTask DisposeAsync()
        {
            await Plane.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
