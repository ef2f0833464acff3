using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Npgsql;

namespace Kitaru.StoreTests.Postgres;

/// <summary>What only many writers make interesting: several stores on one schema, as so many servers.</summary>
[NeedsPostgres]
public sealed class ManyWritersTests() : StoreSuite(new PostgresUnderTest())
{
    private const int Servers = 8;

    private static readonly WorkerKind Kind = new(Code, EnvironmentId.Plain);

    private string Schema => ((PostgresUnderTest)Store).Schema;

    [Fact]
    public async Task Claim_ByManyServersAtOnce_GivesEachExecutionOnce()
    {
        const int executions = 400;
        var planes = await OpenManyAsync();
        await Task.WhenAll(Enumerable.Range(0, executions).Select(i => planes[i % Servers].Executions.CreateAsync(New())));

        var claimed = new ConcurrentBag<ExecutionId>();
        await Task.WhenAll(planes.Select(async plane =>
        {
            var worker = NewWorker();
            while (await plane.Workers.ClaimAsync(worker, Kind, 7) is { Count: > 0 } some)
            {
                foreach (var one in some)
                    claimed.Add(one.Lease.ExecutionId);
            }
        }));

        claimed.Count.ShouldBe(executions);
        claimed.Distinct().Count().ShouldBe(executions);
        (await Plane.Executions.ListAsync(new ExecutionQuery { Limit = 1 })).Total.ShouldBe(executions);
    }

    [Fact]
    public async Task Append_OfManyExecutionsAtOnce_AnswersEachForItself()
    {
        const int executions = 60;
        var held = await Task.WhenAll(Enumerable.Range(0, executions).Select(_ => HeldAsync()));
        // Every third has lost its lease, every fifth repeats itself.
        foreach (var lost in held.Where((_, i) => i % 3 == 0))
            await Plane.Executions.CancelAsync(lost.ExecutionId);

        var outcomes = await Task.WhenAll(held.Select(async (lease, i) =>
        {
            var entry = Entry(1, "a", $"{i}");
            try
            {
                await Task.WhenAll(Enumerable.Range(0, i % 5 == 0 ? 2 : 1).Select(_ => Plane.Journal.AppendAsync(lease, entry)));
                return true;
            }
            catch (KitaruLeaseLostException)
            {
                return false;
            }
        }));

        for (var i = 0; i < executions; i++)
        {
            outcomes[i].ShouldBe(i % 3 != 0, $"execution {i}");
            var calls = (await Plane.Executions.GetAsync(held[i].ExecutionId)).Calls;
            calls.Count.ShouldBe(i % 3 == 0 ? 0 : 1);
        }
    }

    [Fact]
    public async Task Create_TheSameAtOnce_IsStoredOnce()
    {
        var planes = await OpenManyAsync();
        var twin = New(key: "the-key");

        var created = await Task.WhenAll(planes.Select(plane => plane.Executions.CreateAsync(twin with { Id = new ExecutionId(NewId()) })));

        created.Select(record => record.Id).Distinct().ShouldHaveSingleItem();
        (await Plane.Executions.ListAsync(new ExecutionQuery())).Total.ShouldBe(1);
    }

    [Fact]
    public async Task Answer_AtTheSameMoment_OneIsStored()
    {
        var planes = await OpenManyAsync();
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "w");

        var outcomes = await Task.WhenAll(planes.Select(async (plane, i) =>
        {
            try
            {
                await plane.Waits.AnswerAsync(lease.ExecutionId, "w", $"{i}", $"server {i}");
                return true;
            }
            catch (KitaruException)
            {
                return false;
            }
        }));

        outcomes.Count(stored => stored).ShouldBe(1);
        (await FindAsync(lease.ExecutionId)).Status.ShouldBe(ExecutionStatus.Running);
    }

    [Fact]
    public async Task Deploy_AtTheSameMoment_NumbersWithoutGapsAndOneLatest()
    {
        var planes = await OpenManyAsync();

        var deployed = await Task.WhenAll(planes.Select(plane => plane.Deployments.CreateAsync(new NewDeployment
        {
            Flow = "greet",
            Tags = new Dictionary<string, bool> { ["live"] = true },
            Snapshot = Code,
            Target = "Greet.cs:greet",
            StackName = "default",
            Spec = new JsonObject { ["version"] = 1 },
        })));

        deployed.Select(one => one.Version).Order().ShouldBe(Enumerable.Range(1, Servers));
        (await Plane.Deployments.ListAsync(new DeploymentQuery { Flow = "greet", Limit = 100 })).Items.Count(one => one.Tags.ContainsKey("live")).ShouldBe(1);
    }

    [Fact]
    public async Task Tag_AtTheSameMoment_KeepsEveryTag()
    {
        var planes = await OpenManyAsync();
        var id = (await CreateAsync()).Id;

        await Task.WhenAll(planes.Select((plane, i) => plane.Executions.TagAsync(id, [$"tag-{i}"], [])));

        (await FindAsync(id)).Tags.Count.ShouldBe(Servers);
    }

    [Fact]
    public async Task Append_WhileTheLeaseIsTakenOver_NothingComesBehindTheNewHolderBack()
    {
        var other = await OpenAsync();
        for (var round = 0; round < 20; round++)
        {
            var lease = await HeldAsync();
            var acknowledged = 0;
            var writing = Task.Run(async () =>
            {
                try
                {
                    for (var seq = 1; seq <= 50; seq++)
                    {
                        await Plane.Journal.AppendAsync(lease, Entry(seq, $"c{seq}"));
                        Volatile.Write(ref acknowledged, seq);
                    }
                }
                catch (KitaruLeaseLostException)
                {
                    // As it must.
                }
            });
            while (Volatile.Read(ref acknowledged) < 3)
                await Task.Yield();
            await Plane.Workers.DeregisterAsync(Worker);
            var next = await other.Workers.ClaimOneAsync(NewWorker(), Kind, lease.ExecutionId);
            await writing;

            next.ShouldNotBeNull().Journal.Count.ShouldBeGreaterThanOrEqualTo(acknowledged);
            (await other.Workers.PeekAsync(lease.ExecutionId))!.Journal.Count.ShouldBe(next.Journal.Count);
        }
    }

    [Fact]
    public async Task Append_WhileConnectionsAreKilled_LosesAndRepeatsNothing()
    {
        var leases = new List<Lease>();
        for (var i = 0; i < Servers; i++)
            leases.Add(await HeldAsync());
        await using var killer = NpgsqlDataSource.Create(PostgresUnderTest.ConnectionString);
        using var over = new CancellationTokenSource();
        var killing = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await using var kill = killer.CreateCommand(
                    $"SELECT count(pg_terminate_backend(a.pid)) FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid JOIN pg_class c ON c.oid = l.relation "
                    + $"WHERE c.relnamespace = '\"{Schema}\"'::regnamespace AND a.pid <> pg_backend_pid()");
                await kill.ExecuteScalarAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        });

        await Task.WhenAll(leases.Select(async lease =>
        {
            for (var seq = 1; seq <= 60; seq++)
            {
                await Plane.Journal.AppendAsync(lease, Entry(seq, $"c{seq}") with { ExecutionMetadata = seq % 3 == 0 ? new JsonObject { ["seq"] = seq } : null });
            }
        }));
        await over.CancelAsync();
        await killing;

        foreach (var lease in leases)
            (await Plane.Workers.PeekAsync(lease.ExecutionId))!.Journal.Select(entry => entry.Seq).ShouldBe(Enumerable.Range(1, 60).Select(seq => (long)seq));
    }

    [Fact]
    public async Task Texts_OfAnyCharacter_ComeBackAsTheyWere()
    {
        var id = (await CreateAsync()).Id;
        string[] texts = ["a\0b", "\U0010FFFF", "\U0010FFFF0\0", "😀", "plain"];

        await Plane.Logs.AppendAsync(id, [.. texts.Select(text => new LogEntry { Timestamp = Time.Now, Source = "step", Message = text })]);
        await Plane.Logs.AppendAsync(id, [new LogEntry { Timestamp = Time.Now, Source = "step", Message = "half \uD83D pair" }]);

        (await Plane.Logs.ReadAsync(new LogQuery { ExecutionId = id })).Select(entry => entry.Message).ShouldBe([.. texts, "half \uFFFD pair"]);
    }

    [Fact]
    public async Task Executions_TakenAtOnceAndEnded_LeaveOtherWorkersAlone()
    {
        await CreateAsync();
        var changes = await Plane.Executions.WaitForChangeAsync(0);
        var work = await Plane.Workers.WaitForWorkAsync(0);

        for (var i = 0; i < 20; i++)
        {
            var held = await Plane.Executions.CreateAsync(New() with { TakenBy = Worker });
            await FinishAsync(new Lease(held.Id, Worker, held.Epoch));
        }
        await CreateAsync();

        // Whoever looks on is told of each; a worker of the last, and of what the store finds by looking around now and then.
        (await Plane.Executions.WaitForChangeAsync(changes).WaitAsync(TimeSpan.FromSeconds(30)) - changes).ShouldBeGreaterThanOrEqualTo(40);
        (await Plane.Workers.WaitForWorkAsync(work).WaitAsync(TimeSpan.FromSeconds(30)) - work).ShouldBeLessThan(10);
    }

    [Fact]
    public async Task Messages_OfWhatIsNotForWorkers_SaySo()
    {
        await using var source = NpgsqlDataSource.Create(PostgresUnderTest.ConnectionString);
        await using var ear = await source.OpenConnectionAsync();
        var heard = new List<bool>();
        ear.Notification += (_, message) => heard.Add(!message.Payload.EndsWith(" not for workers", StringComparison.Ordinal));
        await using (var listen = new NpgsqlCommand($"LISTEN \"{Schema}\"", ear))
            await listen.ExecuteNonQueryAsync();
        // The first execution of a flow is stored another way.
        await CreateAsync();
        while (await ear.WaitAsync(TimeSpan.FromSeconds(1)))
        {
        }
        heard.ShouldContain(true);

        var held = await Plane.Executions.CreateAsync(New() with { TakenBy = Worker });
        await FinishAsync(new Lease(held.Id, Worker, held.Epoch));
        await HearAsync(isForWorkers: false);
        heard.ShouldNotContain(true);

        await CreateAsync();
        await HearAsync(isForWorkers: true);

        async Task HearAsync(bool isForWorkers)
        {
            heard.Clear();
            while (!heard.Contains(isForWorkers))
                (await ear.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue("nothing was heard");
        }
    }

    [Fact]
    public async Task Change_WhoseMessageWasLost_IsHeardAfterAWhile()
    {
        await CreateAsync();
        await using var silent = NpgsqlDataSource.Create(PostgresUnderTest.ConnectionString);
        var seen = await Plane.Executions.WaitForChangeAsync(0);

        await using var command = silent.CreateCommand($"UPDATE \"{Schema}\".execution SET stalls = stalls");
        (await command.ExecuteNonQueryAsync()).ShouldBe(1);

        (await Plane.Executions.WaitForChangeAsync(seen).WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeGreaterThan(seen);
    }

    private async Task<List<IControlPlane>> OpenManyAsync()
    {
        var planes = new List<IControlPlane>();
        for (var i = 0; i < Servers; i++)
            planes.Add(await OpenAsync());
        return planes;
    }
}
