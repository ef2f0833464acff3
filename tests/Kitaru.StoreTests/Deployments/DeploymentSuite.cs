using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.StoreTests.Deployments;

/// <summary>Numbers and tags of deployments (platform.md 1.4-1.7).</summary>
public abstract class DeploymentSuite : StoreSuite
{
    private protected DeploymentSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Create_GivesTheRecordBack_AsItWasGiven()
    {
        var environment = new WorkerEnvironment { Stack = "lab", Concurrency = 2, Variables = new Dictionary<string, string> { ["A"] = "1" } };
        var created = await Plane.Deployments.CreateAsync(New("greet") with
        {
            Tags = new Dictionary<string, bool> { ["stable"] = false, ["Canary"] = true },
            Source = "/src/Greet.cs:greet",
            CommitSha = "abc",
            CommitDirty = true,
            Schema = new JsonObject { ["title"] = "greetDeploymentInput" },
            Inputs = new JsonObject { ["name"] = "Ada" },
            StackName = "lab",
            Environment = environment,
            Retries = 3,
        });

        var read = await Plane.Deployments.ResolveAsync("greet", 1, null);
        foreach (var record in new[] { created, read })
        {
            (record.Flow, record.Version, record.Snapshot, record.Target, record.Source).ShouldBe(("greet", 1, Code, "Greet.cs:greet", "/src/Greet.cs:greet"));
            (record.CommitSha, record.CommitDirty, record.ImageDigest, record.CreatedAt).ShouldBe(("abc", true, null, Time.Now));
            (record.StackName, record.Environment, record.Retries).ShouldBe(("lab", environment.Id(), 3));
            record.Schema!["title"]!.ToString().ShouldBe("greetDeploymentInput");
            record.Inputs["name"]!.ToString().ShouldBe("Ada");
            record.Tags.Select(pair => $"{pair.Key}={pair.Value}").ShouldBe(["Canary=True", "default=True", "stable=False"]);
        }
        (await Plane.Workers.GetEnvironmentAsync(environment.Id())).Stack.ShouldBe("lab");
        read.Id.ShouldBe(created.Id);
    }

    [Fact]
    public async Task Create_Numbers_CountPerFlow_AndNeverComeBack()
    {
        (await DeployAsync("a")).Version.ShouldBe(1);
        (await DeployAsync("a")).Version.ShouldBe(2);
        (await DeployAsync("b")).Version.ShouldBe(1);

        await Plane.Deployments.DeleteAsync("a", 2);

        (await DeployAsync("a")).Version.ShouldBe(3);
    }

    [Fact]
    public async Task Create_First_GetsDefaultToo_LaterOnesAndUnwantedOnesDoNot()
    {
        (await DeployAsync("a", ("canary", true))).Tags.Keys.ShouldBe(["canary", "default"]);
        (await DeployAsync("a", ("canary", true))).Tags.Keys.ShouldBe(["canary"]);
        (await Plane.Deployments.CreateAsync(New("b") with { DefaultOnFirst = false })).Tags.ShouldBeEmpty();
        (await DeployAsync("b")).Tags.ShouldBeEmpty();
        (await Plane.Deployments.ResolveAsync("a", null, null)).Version.ShouldBe(1);
    }

    [Fact]
    public async Task Create_ExclusiveTag_LeavesOlderVersionsInBothForms_SharedOnesStay()
    {
        await DeployAsync("a", ("x", false), ("y", false));
        await DeployAsync("a", ("x", true), ("y", false));
        await DeployAsync("a", ("x", true), ("default", false));

        (await TagsAsync("a")).ShouldBe(["1: y=False", "2: y=False", "3: default=True x=True"]);
    }

    [Fact]
    public async Task Tag_Moves_Shares_Flips_AndReturnsTheVersion()
    {
        for (var i = 0; i < 3; i++)
            await DeployAsync("a");

        (await Plane.Deployments.TagAsync("a", 2, " x ", exclusive: false)).Tags["x"].ShouldBeFalse();
        await Plane.Deployments.TagAsync("a", 1, "x", exclusive: false);
        (await TagsAsync("a")).ShouldBe(["1: default=True x=False", "2: x=False", "3: "]);
        await Plane.Deployments.TagAsync("a", 2, "x", exclusive: true);
        (await TagsAsync("a")).ShouldBe(["1: default=True", "2: x=True", "3: "]);
        // A shared tag never touches other versions: from now on the tag is ambiguous.
        await Plane.Deployments.TagAsync("a", 3, "x", exclusive: false);
        (await TagsAsync("a")).ShouldBe(["1: default=True", "2: x=True", "3: x=False"]);
        await Plane.Deployments.TagAsync("a", 2, "x", exclusive: false);
        await Plane.Deployments.TagAsync("a", 3, "default", exclusive: false);
        (await TagsAsync("a")).ShouldBe(["1: ", "2: x=False", "3: default=True x=False"]);
        await Plane.Deployments.TagAsync("a", 1, "X", exclusive: true);
        (await TagsAsync("a")).ShouldBe(["1: X=True", "2: x=False", "3: default=True x=False"]);
    }

    [Fact]
    public async Task Tag_OfAnotherFlow_IsAnotherTag()
    {
        await DeployAsync("a", ("x", true));
        await DeployAsync("b", ("x", true));
        (await TagsAsync("a")).ShouldBe(["1: default=True x=True"]);
        (await TagsAsync("b")).ShouldBe(["1: default=True x=True"]);
    }

    [Fact]
    public async Task Untag_TakesOff_AndAbsentOnesChangeNothing()
    {
        await DeployAsync("a", ("x", true), ("y", false));

        (await Plane.Deployments.UntagAsync("a", 1, "x")).Tags.Keys.ShouldBe(["default", "y"]);
        (await Plane.Deployments.UntagAsync("a", 1, "x")).Tags.Keys.ShouldBe(["default", "y"]);

        (await Should.ThrowAsync<KitaruUsageException>(() => Plane.Deployments.UntagAsync("a", 1, " default "))).Message.ShouldContain("reserved");
        await Should.ThrowAsync<KitaruLookupException>(() => Plane.Deployments.UntagAsync("a", 2, "x"));
    }

    [Fact]
    public async Task Delete_WhileExclusiveTagsAreOnIt_IsRefusedNamingThemSorted()
    {
        await DeployAsync("a");
        await DeployAsync("a", ("zulu", true), ("alpha", true), ("shared", false));

        var fault = await Should.ThrowAsync<KitaruStateException>(() => Plane.Deployments.DeleteAsync("a", 2));
        fault.Message.ShouldContain("'alpha', 'zulu'");
        fault.Message.ShouldNotContain("shared");
        (await Should.ThrowAsync<KitaruStateException>(() => Plane.Deployments.DeleteAsync("a", 1))).Message.ShouldContain("'default'");
        await Plane.Deployments.UntagAsync("a", 2, "alpha");
        await Plane.Deployments.TagAsync("a", 2, "zulu", exclusive: false);

        await Plane.Deployments.DeleteAsync("a", 2);

        (await TagsAsync("a")).ShouldBe(["1: default=True"]);
        await Should.ThrowAsync<KitaruLookupException>(() => Plane.Deployments.DeleteAsync("a", 2));
        await Should.ThrowAsync<KitaruLookupException>(() => Plane.Deployments.ResolveAsync("a", 2, null));
        await Should.ThrowAsync<KitaruLookupException>(() => Plane.Deployments.ResolveAsync("a", null, "zulu"));
    }

    [Fact]
    public async Task Delete_Executions_Stay()
    {
        await Plane.Deployments.CreateAsync(New("a") with { DefaultOnFirst = false });
        var deployment = await Plane.Deployments.ResolveAsync("a", 1, null);
        var execution = await Plane.Executions.CreateAsync(New() with { FlowName = "a", Deployment = new DeploymentReference(deployment.Id, 1) });

        await Plane.Deployments.DeleteAsync("a", 1);

        (await FindAsync(execution.Id)).Deployment.ShouldBe(new DeploymentReference(deployment.Id, 1));
    }

    [Fact]
    public async Task Resolve_EveryCase_IsWhatTheContractSays()
    {
        (await Should.ThrowAsync<KitaruLookupException>(() => Plane.Deployments.ResolveAsync("a", null, null))).Message.ShouldNotContain("default");
        (await Should.ThrowAsync<KitaruLookupException>(() => Plane.Deployments.ResolveAsync("a", null, "default"))).Code.ShouldBe("LookupError");
        await Plane.Deployments.CreateAsync(New("a") with { DefaultOnFirst = false });
        await DeployAsync("a", ("x", false));
        await DeployAsync("a", ("x", false));

        (await Should.ThrowAsync<KitaruStateException>(() => Plane.Deployments.ResolveAsync("a", null, null))).Message.ShouldContain("1, 2, 3");
        await Should.ThrowAsync<KitaruLookupException>(() => Plane.Deployments.ResolveAsync("a", null, "default"));
        (await Should.ThrowAsync<KitaruStateException>(() => Plane.Deployments.ResolveAsync("a", null, "x"))).Message.ShouldContain("2, 3");
        (await Should.ThrowAsync<KitaruLookupException>(() => Plane.Deployments.ResolveAsync("a", null, "y"))).Message.ShouldContain("'x'");
        (await Should.ThrowAsync<KitaruLookupException>(() => Plane.Deployments.ResolveAsync("a", 4, null))).Message.ShouldContain("1, 2, 3");
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Deployments.ResolveAsync("a", 1, "x"));
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Deployments.ResolveAsync("a", 0, null));
        (await Plane.Deployments.ResolveAsync(" a ", 2, null)).Version.ShouldBe(2);
        await Plane.Deployments.UntagAsync("a", 2, "x");
        (await Plane.Deployments.ResolveAsync("a", null, " x")).Version.ShouldBe(3);
    }

    [Theory]
    [InlineData("", "t")]
    [InlineData("  ", "t")]
    [InlineData("a::b", "t")]
    [InlineData("a\u0000", "t")]
    [InlineData("a", "")]
    [InlineData("a", " \t ")]
    [InlineData("a", "kitaru:deployment:x")]
    [InlineData("a", " kitaru:deployment:")]
    [InlineData("a", "two\nlines")]
    public async Task Names_ThatAreNone_AreRefusedEverywhere_AndNothingIsStored(string flow, string tag)
    {
        await Should.ThrowAsync<KitaruUsageException>(() => DeployAsync(flow, (tag, false)));
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Deployments.TagAsync(flow, 1, tag, exclusive: false));
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Deployments.UntagAsync(flow, 1, tag));
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Deployments.ResolveAsync(flow, null, tag));
        (await Plane.Deployments.ListAsync(new DeploymentQuery())).Total.ShouldBe(0);
    }

    [Fact]
    public async Task Tags_Limits_AreSixtyFourOf128Characters()
    {
        var tags = Enumerable.Range(0, 63).Select(i => ($"{i:00}{new string('x', 126)}", false)).ToArray();
        await DeployAsync("a", tags);
        (await Should.ThrowAsync<KitaruUsageException>(() => Plane.Deployments.TagAsync("a", 1, "one more", exclusive: false))).Message.ShouldContain("64");
        (await Plane.Deployments.TagAsync("a", 1, tags[0].Item1, exclusive: true)).Tags.Count.ShouldBe(64);
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Deployments.TagAsync("a", 1, new string('x', 129), exclusive: false));
        await Should.ThrowAsync<KitaruUsageException>(() => DeployAsync("a", [.. Enumerable.Range(0, 65).Select(i => ($"{i}", false))]));
        await Should.ThrowAsync<KitaruUsageException>(() => DeployAsync("a", ("x", true), (" x", false)));
    }

    [Fact]
    public async Task List_Pages_ByFlowAndVersion()
    {
        foreach (var flow in new[] { "b", "a", "b", "a", "a" })
            await DeployAsync(flow);
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await Plane.Deployments.ListAsync(new DeploymentQuery { Limit = 2, Cursor = cursor });
            page.Total.ShouldBe(5);
            seen.AddRange(page.Items.Select(item => $"{item.Flow}{item.Version}"));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        seen.ShouldBe(["a1", "a2", "a3", "b1", "b2"]);
        var ofOne = await Plane.Deployments.ListAsync(new DeploymentQuery { Flow = "b", Limit = 1 });
        (ofOne.Total, ofOne.Items.Single().Version).ShouldBe((2, 1));
        (await Plane.Deployments.ListAsync(new DeploymentQuery { Flow = "b", Cursor = ofOne.NextCursor })).Items.Single().Version.ShouldBe(2);
        (await Plane.Deployments.ListAsync(new DeploymentQuery { Flow = "nobody" })).Items.ShouldBeEmpty();
        foreach (var wrong in new[] { "", "x", "%%%", new string('A', 2000) })
            await Should.ThrowAsync<KitaruUsageException>(() => Plane.Deployments.ListAsync(new DeploymentQuery { Cursor = wrong }));
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Deployments.ListAsync(new DeploymentQuery { Limit = 0 }));
    }

    [Fact]
    public async Task Create_AndTag_FromTwoProcessesAtOnce_LoseNoNumber_AndKeepOneExclusive()
    {
        var other = await OpenAsync();
        var work = Enumerable.Range(0, 30).Select(async i =>
        {
            var plane = i % 2 == 0 ? Plane : other;
            var made = await plane.Deployments.CreateAsync(New("a") with { Tags = new Dictionary<string, bool> { ["default"] = true } });
            await plane.Deployments.TagAsync("a", made.Version, "canary", exclusive: true);
        });
        await Task.WhenAll(work);

        var all = (await Plane.Deployments.ListAsync(new DeploymentQuery { Limit = 1000 })).Items;
        all.Select(item => item.Version).ShouldBe(Enumerable.Range(1, 30));
        all.Count(item => item.Tags.ContainsKey("default")).ShouldBe(1);
        all.Count(item => item.Tags.ContainsKey("canary")).ShouldBe(1);
    }

    [Fact]
    public async Task Create_AProgramsOwnFlow_OrTooMuch_IsRefused()
    {
        await Should.ThrowAsync<KitaruFeatureNotAvailableException>(() => Plane.Deployments.CreateAsync(New("a") with { Snapshot = SnapshotId.ForProgram("mine") }));
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Deployments.CreateAsync(New("a") with { Retries = -1 }));
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Deployments.CreateAsync(New("a") with { Inputs = new JsonObject { ["x"] = new string('x', 2_000_000) } }));
        (await Plane.Deployments.ListAsync(new DeploymentQuery())).Total.ShouldBe(0);
    }

    [Fact]
    public async Task InFlight_CountsWhatHasNotEndedOnOtherVersionsOrOtherCode()
    {
        var (one, two) = (await DeployAsync("a"), await DeployAsync("a"));
        async Task<ExecutionRecord> RunAsync(DeploymentRecord? deployment, string code = "code-1", string flow = "a")
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            return await Plane.Executions.CreateAsync(New() with
            {
                FlowName = flow,
                Snapshot = new SnapshotId(code),
                Deployment = deployment is null ? null : new DeploymentReference(deployment.Id, deployment.Version),
            });
        }
        var older = await RunAsync(one);
        var otherCode = await RunAsync(null, "code-0");
        await RunAsync(two);
        await RunAsync(null);
        await RunAsync(one, flow: "b");
        var ended = await RunAsync(one);
        await Plane.Executions.CancelAsync(ended.Id);

        var found = await Plane.Deployments.FindInFlightAsync("a", Code, two.Id, 10);

        (found.Count, string.Join(' ', found.Items.Select(item => item.Id))).ShouldBe((2, $"{otherCode.Id} {older.Id}"));
        var cut = await Plane.Deployments.FindInFlightAsync("a", Code, null, 1);
        (cut.Count, cut.Items.Count).ShouldBe((3, 1));
        (await Plane.Deployments.FindInFlightAsync("none", Code, null, 1)).Count.ShouldBe(0);
    }

    [Fact]
    public async Task Executions_OfADeployment_AreListedAlone_WithEveryOtherFilter()
    {
        var (one, two) = (await DeployAsync("a"), await DeployAsync("a"));
        var ids = new List<ExecutionId>();
        for (var i = 0; i < 6; i++)
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            var deployment = i % 2 == 0 ? one : two;
            ids.Add((await Plane.Executions.CreateAsync(New() with
            {
                FlowName = "a",
                Deployment = new DeploymentReference(deployment.Id, deployment.Version),
                Tags = i < 4 ? ["early"] : [],
            })).Id);
        }
        await CreateAsync("a");
        await Plane.Executions.CancelAsync(ids[2]);
        var of = new ExecutionQuery { Deployment = one.Id };

        await ListsAsync(of, ids[4], ids[2], ids[0]);
        await ListsAsync(of with { Flow = "a", Statuses = [ExecutionStatus.Cancelled] }, ids[2]);
        await ListsAsync(of with { Tags = ["early"] }, ids[2], ids[0]);
        await ListsAsync(of with { Flow = "b" });
        await ListsAsync(of with { Since = Time.Now - TimeSpan.FromMinutes(2), Until = Time.Now }, ids[4]);
        await ListsAsync(of with { OriginalId = ids[0] });
        var first = await Plane.Executions.ListAsync(of with { Limit = 2 });
        (first.Total, string.Join(' ', first.Items.Select(item => item.Id))).ShouldBe((3, $"{ids[4]} {ids[2]}"));
        (await Plane.Executions.ListAsync(of with { Limit = 2, Cursor = first.NextCursor })).Items.Single().Id.ShouldBe(ids[0]);
        (await FindAsync(ids[0])).Deployment.ShouldBe(new DeploymentReference(one.Id, 1));
    }

    [Fact]
    public async Task Cohort_OfADeployment_CountsTheOthers()
    {
        var (one, two) = (await DeployAsync("a"), await DeployAsync("a"));
        var made = new List<ExecutionId>();
        foreach (var deployment in new[] { one, two, null })
        {
            var id = (await Plane.Executions.CreateAsync(New() with
            {
                FlowName = "a",
                Deployment = deployment is null ? null : new DeploymentReference(deployment.Id, deployment.Version),
            })).Id;
            var lease = (await ClaimAsync(id)).Lease;
            await Plane.Journal.AppendAsync(lease, Entry(1, "price"));
            await FinishAsync(lease);
            made.Add(id);
        }
        var query = new CohortQuery { Flow = "a", At = "price" };

        var byId = await Plane.Replays.FindCohortAsync(query with { Deployment = one.Id });
        var byVersion = await Plane.Replays.FindCohortAsync(query with { DeploymentVersion = 2 });

        (byId.Members.Single().Id, byId.Scanned, byId.Filtered.Deployment).ShouldBe((made[0], 3, 2));
        (byVersion.Members.Single().Id, byVersion.Filtered.Deployment).ShouldBe((made[1], 2));
        (await Plane.Replays.FindCohortAsync(query)).Matched.ShouldBe(3);
        (await Should.ThrowAsync<KitaruUsageException>(() => Plane.Replays.FindCohortAsync(query with { Deployment = one.Id, DeploymentVersion = 2 })))
            .Message.ShouldContain("3 not invoked from that deployment");
    }

    private async Task ListsAsync(ExecutionQuery query, params ExecutionId[] ids)
    {
        var page = await Plane.Executions.ListAsync(query);
        page.Items.Select(item => item.Id).ShouldBe(ids);
        page.Total.ShouldBe(ids.Length);
    }

    private NewDeployment New(string flow) => new()
    {
        Flow = flow,
        Tags = new Dictionary<string, bool>(),
        Snapshot = Code,
        Target = "Greet.cs:greet",
        StackName = "default",
        Spec = new JsonObject { ["version"] = 1 },
    };

    private Task<DeploymentRecord> DeployAsync(string flow, params (string Tag, bool Exclusive)[] tags) =>
        Plane.Deployments.CreateAsync(New(flow) with { Tags = tags.ToDictionary(tag => tag.Tag, tag => tag.Exclusive) });

    private async Task<IEnumerable<string>> TagsAsync(string flow) =>
        (await Plane.Deployments.ListAsync(new DeploymentQuery { Flow = flow, Limit = 100 })).Items
            .Select(item => $"{item.Version}: {string.Join(' ', item.Tags.Select(tag => $"{tag.Key}={tag.Value}"))}");
}

public sealed class SqliteDeploymentTests() : DeploymentSuite(new SqliteUnderTest());
