using Kitaru.ControlPlane;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ServerTests.Transfers;

/// <summary>From an embedded store through a folder into a server, as somebody does who moves up.</summary>
public sealed class ProjectMoveTests : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("kitaru-move-").FullName;
    private TestServer _server = null!;

    private string Archive => Path.Combine(_root, "archive");

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task ExportAndImport_MoveEverything_AndProveIt()
    {
        await using var here = Embedded();
        var plane = await here.OpenAsync();
        var ended = await Ended(plane, 250);
        var waiting = await WaitingAsync(plane);
        await plane.Secrets.CreateAsync("tokens", new Dictionary<string, string> { ["A"] = "b" });
        await plane.Stacks.CreateAsync(new StackRequest { Name = "laptop" });

        var exported = await here.Transfers.ExportAsync(Archive, new ExportOptions { MoveOpen = true });
        (exported.Executions, exported.Moved, exported.LeftOut, exported.Stacks, exported.Values).ShouldBe((251, 1, 0, 1, 1));
        exported.Secrets.ShouldBe(["tokens"]);
        await using var there = Server();
        var imported = await there.Transfers.ImportAsync(Archive);

        (imported.Stored, imported.Present, imported.Verified, imported.Stacks, imported.Values).ShouldBe((251, 0, 251, 1, 1));
        imported.SecretsToMake.ShouldBe(["tokens"]);
        (await there.Executions.ListAsync(new ExecutionQuery { Limit = 1 })).Total.ShouldBe(251);
        var result = (await there.Executions.GetAsync(ended[^1])).Execution.Result.ShouldNotBeNull();
        (await (await there.OpenAsync()).Artifacts.ReadAllAsync(result)).Length.ShouldBeGreaterThan(StoredValue.InlineBytesMax);
        (await there.Executions.GetAsync(waiting)).Execution.Status.ShouldBe(ExecutionStatus.Waiting);
        (await here.Executions.GetAsync(waiting)).Execution.Status.ShouldBe(ExecutionStatus.Cancelled);
        await there.Executions.InputAsync(waiting, "go", true);
        // Again: nothing is stored twice, and the one that went on stays as it is.
        var again = await there.Transfers.ImportAsync(Archive);
        (again.Stored, again.Present, again.Verified, again.Values).ShouldBe((0, 251, 251, 0));
        (await there.Executions.GetAsync(waiting)).Execution.Status.ShouldBe(ExecutionStatus.Queued);
    }

    [Fact]
    public async Task Export_ThatWasInterrupted_GoesOnWhereItWas()
    {
        await using var here = Embedded();
        await Ended(await here.OpenAsync(), 230);
        using var stop = new CancellationTokenSource();
        var pages = 0;
        var progress = new Direct(_ =>
        {
            if (++pages == 1)
                stop.Cancel();
        });
        await Should.ThrowAsync<OperationCanceledException>(() => here.Transfers.ExportAsync(Archive, progress: progress, cancellationToken: stop.Token));
        await using var there = Server();
        (await Should.ThrowAsync<KitaruUsageException>(() => there.Transfers.ImportAsync(Archive))).Message.ShouldContain("not complete");

        (await here.Transfers.ExportAsync(Archive)).Executions.ShouldBe(230);
        (await there.Transfers.ImportAsync(Archive)).Verified.ShouldBe(230);
    }

    [Theory]
    [InlineData("executions/000001.jsonl", "hello")]
    [InlineData("archive.json", "{")]
    [InlineData("archive.json", "[]")]
    public async Task Import_OfAFolderThatWasChanged_IsRefusedByName(string file, string content)
    {
        await using var here = Embedded();
        await Ended(await here.OpenAsync(), 3);
        await here.Transfers.ExportAsync(Archive);
        await File.WriteAllTextAsync(Path.Combine(Archive, file), content);
        await using var there = Server();

        (await Should.ThrowAsync<KitaruUsageException>(() => there.Transfers.ImportAsync(Archive))).Message.ShouldContain(Path.GetFileName(file));
        (await there.Executions.ListAsync(new ExecutionQuery())).Total.ShouldBe(0);
    }

    [Fact]
    public async Task Export_IntoAFolderOfSomethingElse_IsRefused()
    {
        Directory.CreateDirectory(Archive);
        await File.WriteAllTextAsync(Path.Combine(Archive, "mine.txt"), "mine");
        await using var here = Embedded();
        (await Should.ThrowAsync<KitaruUsageException>(() => here.Transfers.ExportAsync(Archive))).NextStep.ShouldNotBeNull().ShouldContain("new folder");
    }

    private KitaruClient Embedded() => KitaruClient.Connect(new KitaruClientOptions { ConfigPath = Path.Combine(_root, "embedded"), Environment = _ => null });

    private KitaruClient Server() => KitaruClient.Connect(new KitaruClientOptions
    {
        ConfigPath = Path.Combine(_root, "client"),
        ServerUrl = _server.Address.AbsoluteUri,
        AuthToken = TestTokens.Admin,
        Project = "default",
        Environment = _ => null,
    });

    /// <summary>The last one with a value that lies beside its row.</summary>
    private static async Task<List<ExecutionId>> Ended(IControlPlane plane, int count)
    {
        var ids = new List<ExecutionId>();
        for (var i = 0; i < count; i++)
        {
            var id = (await plane.Executions.CreateAsync(Some.Execution())).Id;
            var lease = (await plane.Workers.ClaimOneAsync(new WorkerId(Some.NewId()), Some.Code, id)).ShouldNotBeNull().Lease;
            await plane.Journal.AppendAsync(lease, Some.Entry(1, "a"));
            var result = Some.Json(i == count - 1 ? $"\"{new string('x', StoredValue.InlineBytesMax)}\"" : "1");
            await plane.Journal.FinishAsync(lease, new Outcome(ExecutionStatus.Completed, null, await plane.Artifacts.StoreAsync(result), null, null));
            ids.Add(id);
        }
        return ids;
    }

    private static async Task<ExecutionId> WaitingAsync(IControlPlane plane)
    {
        var id = (await plane.Executions.CreateAsync(Some.Execution("asks"))).Id;
        var lease = (await plane.Workers.ClaimOneAsync(new WorkerId(Some.NewId()), Some.Code, id)).ShouldNotBeNull().Lease;
        await plane.Journal.OpenWaitAsync(lease, new NewWait("go", "Go on?", null, null, TimeProvider.System.GetUtcNow()));
        await plane.Journal.ReleaseAsync(lease, new Release(ExecutionStatus.Waiting, null, null));
        return id;
    }

    /// <summary>Told at once, on the caller's thread.</summary>
    private sealed class Direct(Action<string> tell) : IProgress<string>
    {
        public void Report(string value) => tell(value);
    }
}
