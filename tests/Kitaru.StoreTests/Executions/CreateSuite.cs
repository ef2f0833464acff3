using Kitaru.Core;

namespace Kitaru.StoreTests.Executions;

public abstract class CreateSuite : StoreSuite
{
    private protected CreateSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Create_WithATraceContext_KeepsItForEveryRun()
    {
        const string parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var created = await Plane.Executions.CreateAsync(New() with { TraceParent = parent });
        created.TraceParent.ShouldBe(parent);
        (await ClaimAsync(created.Id)).Execution.TraceParent.ShouldBe(parent);
    }

    [Fact]
    public async Task Create_ThenFind_GivesEverythingBack()
    {
        var original = (await CreateAsync()).Id;
        var wanted = New("triage", "{\"invoice\":881}", "key-1") with
        {
            Target = "flows/Triage.cs:triage",
            StackName = "local-dev",
            Retries = 2,
            OriginalId = original,
            Seed = 42,
            Spec = new() { ["version"] = 1 },
            Tags = ["nightly", "ü \"quoted\""],
        };

        var created = await Plane.Executions.CreateAsync(wanted);
        var found = await FindAsync(wanted.Id);

        foreach (var record in (ExecutionRecord[])[created, found])
        {
            record.Status.ShouldBe(ExecutionStatus.Queued);
            record.StatusReason.ShouldBe("queued");
            record.FlowName.ShouldBe("triage");
            record.Target.ShouldBe("flows/Triage.cs:triage");
            record.StackName.ShouldBe("local-dev");
            record.Retries.ShouldBe(2);
            record.OriginalId.ShouldBe(original);
            record.Seed.ShouldBe(42);
            record.Spec!["version"]!.GetValue<int>().ShouldBe(1);
            record.Tags.ShouldBe(["nightly", "ü \"quoted\""]);
            record.CreatedAt.ShouldBe(Time.Now);
            record.RunnableAt.ShouldBe(Time.Now);
            record.StartedAt.ShouldBeNull();
            TextOf(record.Inputs).ShouldBe("{\"invoice\":881}");
            record.CheckpointCount.ShouldBe(0);
        }
        found.FlowId.ShouldBe(created.FlowId);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Create_TakenByAWorker_IsHeldFromTheFirstMoment(int executions)
    {
        for (var i = 0; i < executions; i++)
        {
            var wanted = New() with { TakenBy = Worker, Tags = ["nightly"] };
            var created = await Plane.Executions.CreateAsync(wanted);
            if (Store is HttpUnderTest)
            {
                // Whoever asks a server gets nothing by asking: it is there to be claimed.
                created.Owner.ShouldBeNull();
                (await ClaimAsync(wanted.Id)).Lease.Epoch.ShouldBe(1);
                continue;
            }

            (created.Owner, created.Epoch, created.Status).ShouldBe((Worker, 1, ExecutionStatus.Running));
            var found = await FindAsync(wanted.Id);
            (found.Owner, found.Epoch, found.Status, found.StartedAt, found.RunnableAt).ShouldBe((Worker, 1, ExecutionStatus.Running, Time.Now, null));
            found.Tags.ShouldBe(["nightly"]);
            (await Plane.Workers.ClaimAsync(NewWorker(), Code, 10)).ShouldBeEmpty();
            (await Plane.Logs.ReadAsync(new LogQuery { ExecutionId = wanted.Id })).ShouldHaveSingleItem().Message.ShouldContain(Worker.ToString());
            await Plane.Journal.AppendAsync(new Lease(wanted.Id, Worker, created.Epoch), Entry(1, "a"));
        }
    }

    [Fact]
    public async Task Create_TakenByAWorkerThatDies_IsTakenOver()
    {
        var created = await Plane.Executions.CreateAsync(New() with { TakenBy = Worker });
        Time.Advance(Plane.Workers.LeaseDuration + TimeSpan.FromSeconds(1));

        await Plane.Workers.ReapAsync();

        (await ClaimAsync(created.Id, NewWorker())).Lease.Epoch.ShouldBeGreaterThan(created.Epoch);
    }

    [Fact]
    public async Task Create_TheSameAgainLater_ChangesNothing()
    {
        var wanted = New() with { Tags = ["nightly"] };
        await CreateAsync();
        var first = await Plane.Executions.CreateAsync(wanted);
        Time.Advance(TimeSpan.FromSeconds(1));

        (await Plane.Executions.CreateAsync(wanted)).CreatedAt.ShouldBe(first.CreatedAt);

        (await Plane.Executions.ListAsync(new ExecutionQuery { Tags = ["nightly"] })).Total.ShouldBe(1);
    }

    [Fact]
    public async Task Create_SecondOfAFlow_HasTheSameFlowId()
    {
        var (first, second, other) = (await CreateAsync("a"), await CreateAsync("a"), await CreateAsync("b"));

        second.FlowId.ShouldBe(first.FlowId);
        other.FlowId.ShouldNotBe(first.FlowId);
    }

    [Fact]
    public async Task Create_SameKeySameInputs_GivesTheFirstExecution()
    {
        var first = await Plane.Executions.CreateAsync(New(inputs: "{\"a\":1,\"b\":2}", key: "k"));

        var second = await Plane.Executions.CreateAsync(New(inputs: "{\"b\":2, \"a\":1}", key: "k"));

        second.Id.ShouldBe(first.Id);
        (await Plane.Executions.ListAsync(new ExecutionQuery())).Total.ShouldBe(1);
    }

    [Fact]
    public async Task Create_SameKeyOtherInputs_IsRefusedNamingTheFirst()
    {
        var first = await Plane.Executions.CreateAsync(New(inputs: "{\"a\":1}", key: "k"));

        var error = await Should.ThrowAsync<KitaruStateException>(() => Plane.Executions.CreateAsync(New(inputs: "{\"a\":2}", key: "k")));

        error.Message.ShouldContain(first.Id.ToString());
        error.Message.ShouldContain("'k'");
        error.NextStep.ShouldNotBeNull();
    }

    [Fact]
    public async Task Create_SameKeyOtherFlow_IsRefused()
    {
        await Plane.Executions.CreateAsync(New("a", key: "k"));

        await Should.ThrowAsync<KitaruStateException>(() => Plane.Executions.CreateAsync(New("b", key: "k")));
    }

    [Fact]
    public async Task Create_SameIdAgain_GivesItBack()
    {
        var wanted = New();
        await Plane.Executions.CreateAsync(wanted);

        (await Plane.Executions.CreateAsync(wanted)).Id.ShouldBe(wanted.Id);
    }

    [Fact]
    public async Task Create_SameKeyFromManyAtOnce_StoresOne()
    {
        var other = await OpenAsync();

        var created = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? Plane : other).Executions.CreateAsync(New(key: "k"))));

        created.Select(record => record.Id).Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(" ", null)]
    [InlineData("flow", " ")]
    public async Task Create_BlankName_IsAUsageError(string flow, string? key) =>
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Executions.CreateAsync(New(flow, key: key)));

    [Fact]
    public async Task Find_Unknown_IsNull_AndGetThrows()
    {
        var id = new ExecutionId(NewId());

        (await Plane.Executions.FindAsync(id)).ShouldBeNull();
        (await Should.ThrowAsync<KitaruNotFoundException>(() => Plane.Executions.GetAsync(id))).Message.ShouldContain(id.ToString());
    }
}

public sealed class SqliteCreateTests() : CreateSuite(new SqliteUnderTest());
