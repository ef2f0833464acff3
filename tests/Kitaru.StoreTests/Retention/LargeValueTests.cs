using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Maintenance;
using Kitaru.Core;

namespace Kitaru.StoreTests.Retention;

/// <summary>Files of large values: shared between executions, removed with the last one, never under a row that refers to them.</summary>
public sealed class LargeValueTests() : RetentionSuite(new SqliteUnderTest())
{
    private static readonly TimeSpan BehindGrace = LargeValueSweep.Grace + TimeSpan.FromMinutes(1);

    private string Folder => ((SqliteUnderTest)Store).Directory.Artifacts;

    private int Count => Directory.Exists(Folder) ? Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Length : 0;

    [Fact]
    public async Task Delete_SharedValue_StaysUntilTheLastOneGoes()
    {
        var (first, second) = (await FullExecutionAsync("a", Large('s')), await FullExecutionAsync("b", Large('s')));
        Time.Advance(BehindGrace);

        (await Plane.Retention.DeleteAsync(first)).LargeValueBytes.ShouldBe(0);
        var result = (await FindAsync(second)).Result!;
        (await Plane.Artifacts.ReadAllAsync(result)).Length.ShouldBe(StoredValue.InlineBytesMax + 2);
        Count.ShouldBe(1);
        (await Plane.Retention.DeleteAsync(second)).LargeValueBytes.ShouldBe(StoredValue.InlineBytesMax + 2);
        Count.ShouldBe(0);
    }

    [Fact]
    public async Task Delete_YoungValue_IsLeftForALaterSweep()
    {
        var id = await FullExecutionAsync("a", Large('y'));

        (await Plane.Retention.DeleteAsync(id)).LargeValues.ShouldBe(1);

        Count.ShouldBe(1);
        (await Plane.Retention.MeasureAsync()).Artifacts.ReclaimableCount.ShouldBe(0);
        (await Plane.Retention.SweepAsync()).Artifacts.Count.ShouldBe(0);
        Time.Advance(BehindGrace);
        (await Plane.Retention.MeasureAsync()).Artifacts.ShouldBe(new FilesSize(1, StoredValue.InlineBytesMax + 2, 1, StoredValue.InlineBytesMax + 2));
        (await Plane.Retention.SweepAsync()).Artifacts.ShouldBe(new Removed(1, StoredValue.InlineBytesMax + 2));
        Count.ShouldBe(0);
    }

    [Fact]
    public async Task Sweep_ValueOfEveryKindOfRow_Stays()
    {
        var lease = (await ClaimAsync((await Plane.Executions.CreateAsync(New(inputs: Large('i')))).Id)).Lease;
        await Plane.Journal.AppendAsync(lease, Entry(1, "a", Large('j')) with { Artifacts = [new NewArtifact(new ArtifactId(NewId()), "n", "blob", Json(Large('b')), [])] });
        await OpenWaitAsync(lease, "w");
        await Plane.Waits.AnswerAsync(lease.ExecutionId, "w", Large('w').Trim('"'), "me");
        await Plane.Journal.FinishAsync(lease, new Outcome(ExecutionStatus.Completed, null, Json(Large('r')), null, null));
        Time.Advance(BehindGrace);

        (await Plane.Retention.SweepAsync()).Artifacts.Count.ShouldBe(0);

        Count.ShouldBe(5);
        (await Plane.Retention.DeleteAsync(lease.ExecutionId)).LargeValues.ShouldBe(5);
        Count.ShouldBe(0);
    }

    [Fact]
    public async Task Store_AgainWhatIsAboutToBeSwept_KeepsIt()
    {
        var value = await Plane.Artifacts.StoreAsync(Json(Large('t')));
        Time.Advance(BehindGrace);

        await Plane.Artifacts.StoreAsync(Json(Large('t')));
        await Plane.Retention.SweepAsync();

        (await Plane.Artifacts.ReadAllAsync(value)).Length.ShouldBe((int)value.SizeBytes);
    }

    [Fact]
    public async Task Append_ValueThatWasSweptBeforeItsRow_IsRefused_AndNothingIsWritten()
    {
        var lease = await HeldAsync();
        var value = await Plane.Artifacts.StoreAsync(Json(Large('g')));
        Time.Advance(BehindGrace);
        await Plane.Retention.SweepAsync();

        var error = await Should.ThrowAsync<KitaruBackendException>(() => Plane.Journal.AppendAsync(lease, Entry(1, "late") with { Value = value }));

        error.Message.ShouldContain(value.Hash);
        (await Plane.Executions.GetAsync(lease.ExecutionId)).Calls.ShouldBeEmpty();
        await Plane.Journal.AppendAsync(lease, Entry(1, "late", Large('g')));
        (await Plane.Executions.GetAsync(lease.ExecutionId)).Calls.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Sweep_LeftoversOfDeadWriters_Go()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "ab")).FullName;
        foreach (var name in (string[])[new string('a', 64) + ".x.tmp", new string('b', 64) + ".removed"])
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), "left");
            File.SetLastWriteTimeUtc(Path.Combine(folder, name), Time.Now.UtcDateTime - BehindGrace);
        }
        await File.WriteAllTextAsync(Path.Combine(folder, "young.tmp"), "left");
        File.SetLastWriteTimeUtc(Path.Combine(folder, "young.tmp"), Time.Now.UtcDateTime);

        (await Plane.Retention.SweepAsync()).Artifacts.ShouldBe(new Removed(2, 8));

        Count.ShouldBe(1);
    }

    /// <summary>Writers store, sweep and delete as fast as they can with no grace to speak of: no row may ever refer to nothing.</summary>
    [Fact]
    public async Task SweepAndStore_AtOnce_NoRowRefersToNothing()
    {
        var files = new LocalArtifactFiles(Folder);
        var sqlite = Kitaru.ControlPlane.Storage.Sqlite.SqliteStore.Open(((SqliteUnderTest)Store).Directory.Database, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var sweeping = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var hashes = files.Values().Select(file => file.Name).ToList();
                // Everything counts as old, even what has just been stored.
                await sqlite.Retention.RemoveUnreferencedAsync(hashes, hash => files.TakeAway(hash, DateTimeOffset.MaxValue)?.Delete(), CancellationToken.None);
            }
        });
        var (written, refused) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 60; i++)
            {
                try
                {
                    var id = (await Plane.Executions.CreateAsync(New(inputs: Large((char)('a' + i % 3))))).Id;
                    Interlocked.Increment(ref written);
                    await Plane.Artifacts.ReadAllAsync((await FindAsync(id)).Inputs);
                    await Plane.Executions.CancelAsync(id);
                    await Plane.Retention.DeleteAsync(id);
                }
                catch (KitaruBackendException error) when (error.Message.Contains("not in the artifact store", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref refused);
                }
            }
        })));
        await stop.CancelAsync();
        await sweeping;
        await sqlite.DisposeAsync();

        (written + refused).ShouldBe(240);
        written.ShouldBeGreaterThan(0);
    }
}
