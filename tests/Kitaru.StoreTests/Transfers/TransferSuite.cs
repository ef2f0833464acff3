using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.StoreTests.Transfers;

/// <summary>From a SQLite file into every kind of store, and back.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Disposed by the test's lifetime.")]
public abstract class TransferSuite : StoreSuite, IAsyncLifetime
{
    private readonly SqliteUnderTest _source = new();

    private protected TransferSuite(IStoreUnderTest store) : base(store)
    {
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await _source.DisposeAsync();
    }

    [Fact]
    public async Task Import_OfAnExport_IsTheSameByHashAndShownTheSame()
    {
        var source = await _source.OpenAsync();
        var (ended, failed) = (await EndedAsync(source), await FailedAsync(source));
        var page = await source.Transfers.ExportAsync(null, 100, withOpen: false);
        page.Items.Select(item => item.Id).ShouldBe([ended, failed], ignoreOrder: true);

        (await MoveAsync(source, page)).ShouldBe(new ImportOutcome(2, 0));

        (await Plane.Transfers.DigestAsync([ended, failed])).ShouldBe(page.Items.ToDictionary(item => item.Id, item => item.Hash), ignoreOrder: true);
        foreach (var id in (ExecutionId[])[ended, failed])
        {
            var (there, here) = (await source.Executions.GetAsync(id), await Plane.Executions.GetAsync(id));
            Show(here).ShouldBe(Show(there));
            (await Plane.Logs.ReadAsync(new LogQuery { ExecutionId = id })).ShouldBe(await source.Logs.ReadAsync(new LogQuery { ExecutionId = id }));
        }
        var statistics = new StatisticsQuery
        {
            GroupBy = [new StatisticsGrouping(StatisticsDimension.Status)],
            Metrics = [new StatisticsMetric("steps", MetricSource.StepCount, MetricAggregation.Sum), new StatisticsMetric("outputs", MetricSource.OutputArtifactCount, MetricAggregation.Sum)],
        };
        (await Plane.Statistics.ComputeAsync(statistics)).Groups.Select(ShowGroup).ShouldBe((await source.Statistics.ComputeAsync(statistics)).Groups.Select(ShowGroup));
        (await Plane.Executions.ListAsync(new ExecutionQuery { Tags = ["moved"] })).Total.ShouldBe((await source.Executions.ListAsync(new ExecutionQuery { Tags = ["moved"] })).Total);
    }

    [Fact]
    public async Task Import_Again_StoresNothingTwice()
    {
        var source = await _source.OpenAsync();
        await EndedAsync(source);
        var page = await source.Transfers.ExportAsync(null, 100, withOpen: false);
        await MoveAsync(source, page);
        (await MoveAsync(source, page)).ShouldBe(new ImportOutcome(0, 1));
        (await Plane.Executions.ListAsync(new ExecutionQuery())).Total.ShouldBe(1);
    }

    [Fact]
    public async Task Import_OfAnOpenExecution_GoesOnHere_AndItEndsThere()
    {
        var source = await _source.OpenAsync();
        var id = (await source.Executions.CreateAsync(New("asks"))).Id;
        var worker = NewWorker();
        var lease = (await source.Workers.ClaimOneAsync(worker, Code, id)).ShouldNotBeNull().Lease;
        await source.Journal.AppendAsync(lease, Entry(1, "a", "\"kept\""));
        await source.Journal.OpenWaitAsync(lease, new NewWait("go", "Go on?", null, null, Time.Now));
        (await source.Transfers.ExportAsync(null, 100, withOpen: true)).Held.ShouldBe([id]);
        await source.Journal.ReleaseAsync(lease, new Release(ExecutionStatus.Waiting, null, null));
        (await source.Transfers.ExportAsync(null, 100, withOpen: false)).Items.ShouldBeEmpty();

        var page = await source.Transfers.ExportAsync(null, 100, withOpen: true);
        var archived = page.Items.ShouldHaveSingleItem();
        (await source.Transfers.CloseMovedAsync(new Dictionary<ExecutionId, long> { [id] = archived.Epoch + 1 }, "mover")).ShouldBeEmpty();
        (await source.Transfers.CloseMovedAsync(new Dictionary<ExecutionId, long> { [id] = archived.Epoch }, "mover")).ShouldBe([id]);
        await MoveAsync(source, page);

        (await source.Executions.GetAsync(id)).Execution.Status.ShouldBe(ExecutionStatus.Cancelled);
        await Plane.Waits.AnswerAsync(id, "go", JsonValue.Create(true), "me");
        var claimed = (await Plane.Workers.ClaimOneAsync(Worker, Code, id)).ShouldNotBeNull();
        TextOf(claimed.Journal.ShouldHaveSingleItem().Value).ShouldBe("\"kept\"");
    }

    [Fact]
    public async Task Import_OfSomethingChanged_IsRefusedAsAWhole()
    {
        var source = await _source.OpenAsync();
        await EndedAsync(source);
        var other = await EndedAsync(source);
        var page = await source.Transfers.ExportAsync(null, 100, withOpen: false);
        ArchivedExecution Changed(Action<JsonObject> change)
        {
            var item = page.Items.Single(item => item.Id == other);
            var tables = item.Tables.DeepClone().AsObject();
            change(tables);
            return item with { Tables = tables };
        }

        Action<JsonObject>[] changes =
        [
            tables => tables["execution"]![0]!["status"] = "running",
            tables => tables["journal"]![0]!["exec_id"] = Guid.Empty.ToString("N"),
            tables => tables["journal"]![0]!["seq"] = "one",
            tables => tables["journal"]![0]!["no_such_column"] = 1,
            tables => tables["secret_value"] = new JsonArray(new JsonObject { ["exec_id"] = other.Value.ToString("N") }),
            tables => tables.Remove("execution"),
            tables => tables["execution"]![0]!["owner"] = Guid.Empty.ToString("N"),
        ];
        foreach (var change in changes)
        {
            var batch = new ImportBatch([page.Items.Single(item => item.Id != other), Changed(change)], page.Environments);
            await Should.ThrowAsync<KitaruUsageException>(() => Plane.Transfers.ImportAsync(batch));
            (await Plane.Executions.ListAsync(new ExecutionQuery())).Total.ShouldBe(0);
        }
    }

    [Fact]
    public async Task Import_OfAValueThatIsNotHere_IsRefused()
    {
        var source = await _source.OpenAsync();
        await EndedAsync(source, large: true);
        var page = await source.Transfers.ExportAsync(null, 100, withOpen: false);
        page.Items.ShouldHaveSingleItem().Values.Count.ShouldBe(1);
        (await Should.ThrowAsync<KitaruBackendException>(() => Plane.Transfers.ImportAsync(new ImportBatch(page.Items, page.Environments)))).Message.ShouldContain("artifact store");
        (await Plane.Executions.ListAsync(new ExecutionQuery())).Total.ShouldBe(0);
        (await MoveAsync(source, page)).Stored.ShouldBe(1);
    }

    [Fact]
    public async Task ImportDeployments_KeepsNumbersAndTags_AndCountsOnFromThere()
    {
        var source = await _source.OpenAsync();
        await DeployAsync(source);
        await DeployAsync(source);
        await source.Deployments.TagAsync("greet", 1, "stable", exclusive: true);
        await source.Deployments.UntagAsync("greet", 2, "canary");
        await source.Deployments.DeleteAsync("greet", 2);
        var (items, environments) = await source.Transfers.ExportDeploymentsAsync();

        (await Plane.Transfers.ImportDeploymentsAsync(items, environments)).ShouldBe(1);
        (await Plane.Transfers.ImportDeploymentsAsync(items, environments)).ShouldBe(0);

        var there = await Plane.Deployments.ResolveAsync("greet", null, "stable");
        (there.Version, there.Tags["default"]).ShouldBe((1, true));
        (await DeployAsync(Plane)).Version.ShouldBe(3);
    }

    private static string ShowGroup(StatisticsGroup group) => $"{group.Keys.ToJsonString()} {group.ExecutionCount} {string.Join(' ', group.Metrics)}";

    /// <summary>Everything but ids that each store gives by itself.</summary>
    private static string Show(ExecutionDetail detail) => string.Join('\n', detail.Calls.Select(call => $"{call.Id} {call.Name} {call.Status} {call.StartedAt:O} {call.EndedAt:O} {call.Metadata.ToJsonString()} {call.Failure?.Message} {call.Attempts.Count}")
        .Concat(detail.Artifacts.Select(artifact => $"{artifact.Id} {artifact.Name} {artifact.Value.Hash}")).Concat(detail.Waits.Select(wait => $"{wait.Id} {wait.Name} {wait.Status} {wait.ResolvedBy}"))
        .Append($"{detail.Execution.FlowName} {detail.Execution.Status} {detail.Execution.CreatedAt:O} {detail.Execution.EndedAt:O} {detail.Execution.CheckpointCount} {detail.Execution.ArtifactCount} {string.Join(',', detail.Execution.Tags)} {detail.Execution.Seed}"));

    /// <summary>Values first, as an import does it.</summary>
    private async Task<ImportOutcome> MoveAsync(IControlPlane source, ExportPage page)
    {
        foreach (var (hash, size) in page.Items.SelectMany(item => item.Values))
        {
            var bytes = await source.Artifacts.ReadAllAsync(new StoredValue(StoredValue.Bytes, "bytes", hash, size, null));
            await Plane.Artifacts.StoreAsync(StoredValue.Of(StoredValue.Bytes, "bytes", bytes));
        }
        return await Plane.Transfers.ImportAsync(new ImportBatch(page.Items, page.Environments));
    }

    private async Task<ExecutionId> EndedAsync(IControlPlane plane, bool large = false)
    {
        var id = (await plane.Executions.CreateAsync(New() with { Tags = ["moved", "other"], Environment = new WorkerEnvironment { Variables = new Dictionary<string, string> { ["A"] = "b" } } })).Id;
        var environment = (await plane.Executions.FindAsync(id))!.Environment;
        var lease = (await plane.Workers.ClaimOneAsync(NewWorker(), new WorkerKind(Code, environment), id)).ShouldNotBeNull().Lease;
        var value = Json(large ? $"\"{new string('x', StoredValue.InlineBytesMax + 1)}\"" : "\"\\u0000 and \\ud83d\\ude00\"");
        await plane.Journal.AppendAsync(lease, Entry(1, "a") with
        {
            Value = await plane.Artifacts.StoreAsync(value),
            Metadata = new JsonObject { ["cost"] = 0.25 },
            Artifacts = [new NewArtifact(new ArtifactId(NewId()), "draft", "response", Json("[1,2]"), ["x"])],
        });
        await plane.Logs.AppendAsync(id, [new LogEntry { Message = "said", Level = "INFO", Timestamp = Time.Now, Checkpoint = "a" }]);
        await plane.Journal.FinishAsync(lease, new Outcome(ExecutionStatus.Completed, null, Json("\"done\""), null, new JsonObject { ["customer"] = "gold" }));
        return id;
    }

    private async Task<ExecutionId> FailedAsync(IControlPlane plane)
    {
        var id = (await plane.Executions.CreateAsync(New("breaks"))).Id;
        var lease = (await plane.Workers.ClaimOneAsync(NewWorker(), Code, id)).ShouldNotBeNull().Lease;
        await plane.Journal.AppendAttemptAsync(lease, new AttemptRecord("b", "b", 1, Interrupted: false, Time.Now, Time.Now, Boom, null));
        await plane.Journal.AppendAsync(lease, FailedEntry(1, "b") with { Attempt = 2 });
        await plane.Journal.FinishAsync(lease, new Outcome(ExecutionStatus.Failed, "It broke.", null, Boom, null));
        return id;
    }

    private static Task<DeploymentRecord> DeployAsync(IControlPlane plane) => plane.Deployments.CreateAsync(new NewDeployment
    {
        Flow = "greet",
        Tags = new Dictionary<string, bool> { ["canary"] = false },
        Snapshot = Code,
        Target = "a.cs:greet",
        StackName = "default",
        Spec = [],
        Environment = new WorkerEnvironment { Variables = new Dictionary<string, string> { ["A"] = "b" } },
    });
}

public sealed class SqliteTransferTests() : TransferSuite(new SqliteUnderTest());

public sealed class HttpTransferTests() : TransferSuite(new HttpUnderTest());
