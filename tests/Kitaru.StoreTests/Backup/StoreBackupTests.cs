using Kitaru.ControlPlane.Backup;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.StoreTests.Backup;

public sealed class StoreBackupTests() : StoreSuite(new SqliteUnderTest())
{
    private readonly ConfigDirectory _other = new(Path.Combine(Path.GetTempPath(), $"kitaru-restored-{Path.GetRandomFileName()}"));

    private ConfigDirectory Config => ((SqliteUnderTest)Store).Directory;

    private string Folder => Path.Combine(Config.Root, "backup");

    [Fact]
    public async Task Restore_OfABackupTakenWhileOthersWrite_IsTheStoreOfOneMoment()
    {
        var kept = await EndedAsync();
        await Plane.Secrets.CreateAsync("tokens", new Dictionary<string, string> { ["A"] = "very-secret-value" });
        var writing = WriteUntilAsync(out var stop);
        var report = await StoreBackup.CreateAsync(Config, Folder, withSecretKeys: true);
        await stop.CancelAsync();
        await writing;

        report.HasSecretKeys.ShouldBeTrue();
        (await StoreBackup.RestoreAsync(Folder, _other)).ShouldBe(report);

        await using (var restored = await Kitaru.ControlPlane.EmbeddedControlPlane.OpenAsync(new Kitaru.ControlPlane.EmbeddedOptions { Directory = _other, Time = Time }))
        {
            (await restored.Executions.ListAsync(new ExecutionQuery())).Total.ShouldBe(report.Executions);
            (await restored.Transfers.DigestAsync([kept])).ShouldBe(await Plane.Transfers.DigestAsync([kept]));
            var result = (await restored.Executions.GetAsync(kept)).Execution.Result.ShouldNotBeNull();
            (await restored.Artifacts.ReadAllAsync(result)).Length.ShouldBe((int)result.SizeBytes);
            (await restored.Secrets.ReadAsync("tokens")).Values["A"].ShouldBe("very-secret-value");
        }
        Directory.Delete(_other.Root, recursive: true);
    }

    [Fact]
    public async Task Create_WithoutBeingAsked_LeavesTheKeysOfSecretsOut()
    {
        await Plane.Secrets.CreateAsync("tokens", new Dictionary<string, string> { ["A"] = "b" });
        (await StoreBackup.CreateAsync(Config, Folder)).HasSecretKeys.ShouldBeFalse();
        Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName).ShouldNotContain(Path.GetFileName(Config.SecretKeys));
    }

    [Fact]
    public async Task Restore_OfSomethingElse_IsRefusedAndChangesNothing()
    {
        await EndedAsync();
        (await Should.ThrowAsync<KitaruUsageException>(() => StoreBackup.RestoreAsync(Config.Root, _other))).Message.ShouldContain("backup.json");
        await StoreBackup.CreateAsync(Config, Folder);
        (await Should.ThrowAsync<KitaruUsageException>(() => StoreBackup.CreateAsync(Config, Folder))).Message.ShouldContain("not empty");
        (await Should.ThrowAsync<KitaruUsageException>(() => StoreBackup.RestoreAsync(Folder, Config))).Message.ShouldContain("already");
        (await Should.ThrowAsync<KitaruUsageException>(() => StoreBackup.CreateAsync(_other, Folder + "2"))).Message.ShouldContain("no store");
        await File.AppendAllTextAsync(Directory.EnumerateFiles(Folder, "kitaru.db", SearchOption.AllDirectories).Single(), "x");
        (await Should.ThrowAsync<KitaruUsageException>(() => StoreBackup.RestoreAsync(Folder, _other))).Message.ShouldContain("kitaru.db");
        Directory.Exists(_other.Root).ShouldBeFalse();
    }

    private async Task<ExecutionId> EndedAsync()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "a"));
        var result = await Plane.Artifacts.StoreAsync(Json($"\"{new string('x', StoredValue.InlineBytesMax)}\""));
        await Plane.Journal.FinishAsync(lease, new Outcome(ExecutionStatus.Completed, null, result, null, null));
        return lease.ExecutionId;
    }

    private Task WriteUntilAsync(out CancellationTokenSource stop)
    {
        stop = new CancellationTokenSource();
        var token = stop.Token;
        return Task.Run(async () =>
        {
            while (!token.IsCancellationRequested)
                await CreateAsync();
        });
    }
}
