using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Maintenance;
using Kitaru.ControlPlane.Snapshots;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.StoreTests.Maintenance;

/// <summary>Staged code, build records, folders and output of workers: what is needed stays, the rest goes.</summary>
public sealed class SnapshotSweepTests() : StoreSuite(new SqliteUnderTest())
{
    private static readonly TimeSpan BehindGrace = SnapshotSweep.Grace + TimeSpan.FromMinutes(1);

    private ConfigDirectory Config => ((SqliteUnderTest)Store).Directory;

    private IEnumerable<string> Folders => new DirectoryInfo(Config.Snapshots).EnumerateDirectories().Select(folder => folder.Name);

    [Fact]
    public async Task Sweep_CodeThatNobodyNeeds_Goes_AndItsRecordToo()
    {
        await StageAsync("spare");
        Time.Advance(BehindGrace);
        var size = await Plane.Retention.MeasureAsync();

        (await Plane.Retention.SweepAsync()).Snapshots.Count.ShouldBe(1);

        (size.Snapshots.Count, size.Snapshots.ReclaimableCount, size.Snapshots.ReclaimableBytes).ShouldBe((1, 1, size.Snapshots.Bytes));
        Folders.ShouldBeEmpty();
        (await Plane.Snapshots.FindAsync(new SnapshotId("spare"))).ShouldBeNull();
        (await Plane.Retention.SweepAsync()).Total.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Sweep_CodeOfAnExecution_StaysUntilThatIsDeleted()
    {
        await StageAsync(Code.Value);
        var lease = await HeldAsync();
        await FinishAsync(lease);
        Time.Advance(BehindGrace);

        (await Plane.Retention.SweepAsync()).Total.Count.ShouldBe(0);
        await Plane.Retention.DeleteAsync(lease.ExecutionId);
        (await Plane.Retention.SweepAsync()).Snapshots.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Sweep_CodeOfADeployment_StaysUntilThatIsDeleted()
    {
        await StageAsync(Code.Value);
        await Plane.Deployments.CreateAsync(new NewDeployment
        {
            Flow = "greet",
            Tags = new Dictionary<string, bool>(),
            Snapshot = Code,
            Target = "Greet.cs:greet",
            StackName = "default",
            Spec = [],
            DefaultOnFirst = false,
        });
        Time.Advance(BehindGrace);

        (await Plane.Retention.SweepAsync()).Total.Count.ShouldBe(0);
        await Plane.Deployments.DeleteAsync("greet", 1);
        (await Plane.Retention.SweepAsync()).Snapshots.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Sweep_NewestCodeOfATarget_StaysWhileItsRecordDoes()
    {
        await StageAsync("newest");
        Record("key", "newest");
        Time.Advance(BehindGrace);

        (await Plane.Retention.SweepAsync()).Total.Count.ShouldBe(0);
        Time.Advance(BuildSweep.UnusedMax);
        var swept = await Plane.Retention.SweepAsync();

        (swept.Builds.Count, swept.Snapshots.Count).ShouldBe((1, 1));
        Folders.ShouldBeEmpty();
    }

    [Fact]
    public async Task Sweep_CodeOfALiveWorker_StaysWithTheFolderItRunsIn()
    {
        await StageAsync("live", runFolder: true);
        var worker = new WorkerRecord { Id = Worker, Snapshot = new SnapshotId("live"), Process = ProcessIdentities.Current(), StartedAt = Time.Now };
        await Plane.Workers.RegisterAsync(worker);
        Time.Advance(SnapshotSweep.RunFolderMax * 2);

        (await Plane.Retention.SweepAsync()).Total.Count.ShouldBe(0);
        await Plane.Workers.DeregisterAsync(Worker);
        (await Plane.Retention.SweepAsync()).Snapshots.Count.ShouldBe(1);
        Folders.ShouldBeEmpty();
    }

    [Fact]
    public async Task Sweep_FolderOfADeadWorkerOfNeededCode_GoesAlone()
    {
        await StageAsync(Code.Value, runFolder: true);
        await CreateAsync();
        Time.Advance(SnapshotSweep.RunFolderMax + TimeSpan.FromMinutes(1));

        (await Plane.Retention.SweepAsync()).Snapshots.Count.ShouldBe(1);

        Directory.GetDirectories(Path.Combine(Config.Snapshots, Code.Value)).Select(Path.GetFileName).ShouldBe(["files"]);
    }

    [Fact]
    public async Task Sweep_CodeUsedJustNow_Stays()
    {
        await StageAsync("used");
        Time.Advance(BehindGrace);
        File.SetLastWriteTimeUtc(Path.Combine(Config.Snapshots, "used", "snapshot.json"), Time.Now.UtcDateTime);

        (await Plane.Retention.SweepAsync()).Total.Count.ShouldBe(0);

        Folders.ShouldBe(["used"]);
    }

    [Fact]
    public async Task TakeAway_UsedWhileItIsTaken_IsPutBack()
    {
        await StageAsync("raced");
        var folders = new StageFolders(Config);
        Directory.Move(Path.Combine(Config.Snapshots, "raced"), Path.Combine(Config.Snapshots, ".old-raced"));

        folders.PutBack(Time.Now.UtcDateTime - SnapshotSweep.Grace);

        Folders.ShouldBe(["raced"]);
        folders.TakeAway(new SnapshotId("raced"), Time.Now.UtcDateTime - SnapshotSweep.Grace).ShouldBeNull();
        folders.TakeAway(new SnapshotId("gone"), Time.Now.UtcDateTime).ShouldBeNull();
    }

    [Fact]
    public async Task Sweep_UnfinishedFoldersAndOutputOfDeadWorkers_Go_LiveOnesAndLocksStay()
    {
        var live = NewWorker();
        await Plane.Workers.RegisterAsync(new WorkerRecord { Id = live, Snapshot = Code, Process = ProcessIdentities.Current(), StartedAt = Time.Now });
        Directory.CreateDirectory(Config.Workers);
        foreach (var name in (string[])[$"{live}.log", $"{NewWorker()}.log", $"{NewWorker()}.log.read", "start-ab.lock"])
            Age(Path.Combine(Config.Workers, name), "text");
        Age(Path.Combine(Config.Snapshots, ".new-1", "a.dll"), "half");
        Age(Path.Combine(Config.Snapshots, ".worker-1", "Kitaru.dll"), "all");
        Age(Path.Combine(Config.Builds, ".work-1", "out.dll"), "half");
        Age(Path.Combine(Config.Builds, "x.123.tmp"), "half");
        Age(Path.Combine(Config.Builds, "projects.lock"), "");
        Time.Advance(TimeSpan.FromDays(8));

        var swept = await Plane.Retention.SweepAsync();

        (swept.Workers.Count, swept.Snapshots.Count, swept.Builds.Count).ShouldBe((2, 2, 2));
        Directory.GetFiles(Config.Workers).Select(Path.GetFileName).ShouldBe([$"{live}.log", "start-ab.lock"], ignoreOrder: true);
        Directory.GetFiles(Config.Builds).Select(Path.GetFileName).ShouldBe(["projects.lock"]);
    }

    private async Task StageAsync(string id, bool runFolder = false)
    {
        var record = new SnapshotRecord(new SnapshotId(id), new Kitaru.Core.Flows.FlowManifest(), Time.Now, 1);
        await Plane.Snapshots.PutAsync(record);
        Age(Path.Combine(Config.Snapshots, id, "files", "Flow.dll"), "code");
        Age(Path.Combine(Config.Snapshots, id, "snapshot.json"), "{}");
        if (runFolder)
            Age(Path.Combine(Config.Snapshots, id, "run-1", "Flow.dll"), "code");
    }

    private void Record(string key, string snapshot)
    {
        ConfigDirectory.Ensure(Config.Builds);
        var records = new BuildRecords(Config.Builds);
        records.Save(key, new BuildRecord { Fingerprint = "f", Snapshot = snapshot });
        records.Touch(key, Time.Now);
    }

    /// <summary>A file that was made now, by the clock of the test.</summary>
    private void Age(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, Time.Now.UtcDateTime);
        Directory.SetLastWriteTimeUtc(Path.GetDirectoryName(path)!, Time.Now.UtcDateTime);
    }
}
