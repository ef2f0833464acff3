using System.Diagnostics;
using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.StoreTests.Sqlite;

/// <summary>What only a file on a disk can do: modes, another process in the way, sudden death.</summary>
public sealed class SqliteFileTests() : StoreSuite(new SqliteUnderTest())
{
    private ConfigDirectory Folder => ((SqliteUnderTest)Store).Directory;

    [Fact]
    public async Task Everything_IsForItsOwnerOnly()
    {
        if (OperatingSystem.IsWindows())
            return;
        await Plane.Artifacts.StoreAsync(StoredValue.Of(StoredValue.Bytes, "byte[]", new byte[100_000]));
        const UnixFileMode others = (UnixFileMode)0b000_111_111;

        foreach (var path in Directory.EnumerateFileSystemEntries(Folder.Root, "*", SearchOption.AllDirectories))
            (File.GetUnixFileMode(path) & others).ShouldBe(UnixFileMode.None, path);
    }

    [Fact]
    public async Task Reopen_WithoutClosing_FindsEveryCommit()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "a"));

        // The first control plane is left as a killed process leaves it: nothing closed, the log not folded in.
        var copy = Path.Combine(Folder.Root, "copy");
        Directory.CreateDirectory(Path.Combine(copy, "local_stores"));
        foreach (var file in (string[])["kitaru.db", "kitaru.db-wal"])
            File.Copy(Path.Combine(Folder.Root, "local_stores", file), Path.Combine(copy, "local_stores", file));
        await using var after = await EmbeddedControlPlane.OpenAsync(new EmbeddedOptions { Directory = new ConfigDirectory(copy), Time = Time });

        (await after.Executions.GetAsync(lease.ExecutionId)).Calls.ShouldHaveSingleItem().Name.ShouldBe("a");
    }

    [Fact]
    public async Task Write_WhileAnotherProgramHoldsTheFile_WaitsForIt()
    {
        using var intruder = SqliteConnection.Open(Folder.Database, 1000);
        intruder.Script("BEGIN IMMEDIATE");
        var writing = CreateAsync();
        writing.IsCompleted.ShouldBeFalse();

        intruder.Script("COMMIT");

        (await writing).Status.ShouldBe(ExecutionStatus.Queued);
    }

    [Fact]
    public async Task Write_CancelledWhileQueued_IsNotMade()
    {
        using var intruder = SqliteConnection.Open(Folder.Database, 1000);
        intruder.Script("BEGIN IMMEDIATE");
        using var stop = new CancellationTokenSource();
        var wanted = New();
        var writing = Plane.Executions.CreateAsync(wanted, stop.Token);
        stop.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(() => writing);

        intruder.Script("COMMIT");

        await CreateAsync();
        (await Plane.Executions.FindAsync(wanted.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task Dispose_CommitsWhatIsQueued_AndRefusesWhatComesAfter()
    {
        var other = await OpenAsync();
        var writes = Enumerable.Range(0, 50).Select(_ => other.Executions.CreateAsync(New())).ToList();
        await Task.Yield();
        await other.DisposeAsync();
        await Task.WhenAll(writes);

        (await Plane.Executions.ListAsync(new ExecutionQuery { Limit = 1 })).Total.ShouldBe(50);
        await Should.ThrowAsync<ObjectDisposedException>(() => other.Executions.CreateAsync(New()));
        await other.DisposeAsync();
    }

    [Fact]
    public async Task KilledProcess_LosesTheLock_AndEveryoneElseGoesOn()
    {
        if (!OperatingSystem.IsLinux())
            return;
        // Another process that holds the gate and dies with it.
        using var holder = Process.Start(new ProcessStartInfo("flock", [Folder.Database + ".lock", "sh", "-c", "echo held; read line"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        (await holder.StandardOutput.ReadLineAsync()).ShouldBe("held");
        var writing = CreateAsync();
        writing.IsCompleted.ShouldBeFalse();

        holder.Kill(entireProcessTree: true);

        (await writing).Status.ShouldBe(ExecutionStatus.Queued);
    }

    [Fact]
    public async Task Open_InAFolderThatCannotBeMade_SaysWhichAndWhatToDo()
    {
        var file = Path.Combine(Folder.Root, "file");
        await File.WriteAllTextAsync(file, "");

        var error = await Should.ThrowAsync<KitaruBackendException>(() => EmbeddedControlPlane.OpenAsync(new EmbeddedOptions { Directory = new ConfigDirectory(file) }));

        error.Message.ShouldContain(file);
        error.NextStep!.ShouldContain("KITARU_CONFIG_PATH");
    }
}
