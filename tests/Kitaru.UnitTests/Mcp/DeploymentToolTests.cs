using System.Text.Json.Nodes;

namespace Kitaru.UnitTests.Mcp;

public class DeploymentToolTests
{
    // Copied by hand from platform.md 1.2, ours after the bar.
    private const string RecordKeys =
        "deployment_id,flow,version,tags,commit_sha,commit_dirty,image_digest,created_at,schema,stack|inputs,image,cache,retries,target,snapshot_id";

    private const string InvokeKeys = "exec_id,flow,selector,execution,warning|";
    private const string DeleteKeys = "flow,version,deleted|";

    [Fact]
    public async Task Get_ListTagUntag_AnswerTheContractsRecord()
    {
        await using var bench = await McpBench.StartAsync();
        await bench.DeployAsync(new JsonObject { ["topic"] = "tea" });

        var records = new[]
        {
            await bench.SuccessAsync("kitaru_deployments_get", """{"flow":"research_agent"}"""),
            await bench.SuccessAsync("kitaru_deployments_tag", """{"flow":"research_agent","version":1,"tag":"canary","exclusive":true}"""),
            await bench.SuccessAsync("kitaru_deployments_untag", """{"flow":"research_agent","version":1,"tag":"canary"}"""),
            (JsonObject)(await bench.SuccessAsync("kitaru_deployments_list", "{}"))["result"]![0]!,
        };

        foreach (var record in records)
        {
            KeysOf(record).ShouldBe(RecordKeys.Replace('|', ','));
            record["schema"]!["title"]!.ToString().ShouldBe("research_agentDeploymentInput");
            (record["stack"]!.ToString(), (int)record["version"]!, (bool)record["cache"]!, (int)record["retries"]!).ShouldBe(("default", 1, true, 2));
        }
        records.Select(record => record["tags"]!.ToJsonString()).ShouldBe(
            ["""{"default":true}""", """{"canary":true,"default":true}""", """{"default":true}""", """{"default":true}"""]);
    }

    [Fact]
    public async Task Schema_DeployInputsAreDefaults_RequiredOnlyWhatHasNone()
    {
        await using var bench = await McpBench.StartAsync();
        await bench.DeployAsync(new JsonObject { ["max_pages"] = 3 });

        var schema = (await bench.SuccessAsync("kitaru_deployments_get", """{"flow":"research_agent"}"""))["schema"]!;

        schema["required"]!.ToJsonString().ShouldBe("""["topic"]""");
        schema["properties"]!.AsObject().Select(pair => pair.Key).ShouldBe(["topic", "maxPages", "tone"]);
        ((int)schema["properties"]!["maxPages"]!["default"]!).ShouldBe(3);
        schema["properties"]!["tone"]!["default"]!.ToString().ShouldBe("plain");
        schema["properties"]!["topic"]!.AsObject().ContainsKey("default").ShouldBeFalse();
    }

    [Theory]
    [InlineData("", """{"version":null,"tag":"default"}""", 1)]
    [InlineData(""","tag":"default" """, """{"version":null,"tag":"default"}""", 1)]
    [InlineData(""","tag":" canary " """, """{"version":null,"tag":"canary"}""", 2)]
    [InlineData(""","version":2""", """{"version":2,"tag":null}""", 2)]
    public async Task Invoke_BySelector_StartsThatVersion(string selector, string shown, int version)
    {
        await using var bench = await McpBench.StartAsync();
        await bench.DeployAsync(new JsonObject { ["topic"] = "tea", ["maxPages"] = 1 });
        var second = await bench.DeployAsync(new JsonObject { ["maxPages"] = 2 }, tags: ("canary", true));

        var answer = await bench.SuccessAsync("kitaru_deployments_invoke", $$$"""{"flow":" research_agent ","inputs":{"topic":"rice"},"tags":["nightly"]{{{selector}}}}""");

        KeysOf(answer).ShouldBe(InvokeKeys.Replace("|", ""));
        answer["selector"]!.ToJsonString().ShouldBe(shown);
        var execution = answer["execution"]!;
        (execution["exec_id"]!.ToString(), execution["flow_name"]!.ToString(), answer["flow"]!.ToString()).ShouldBe((answer["exec_id"]!.ToString(), "research_agent", "research_agent"));
        execution["inputs"]!["topic"]!.ToString().ShouldBe("rice");
        ((int)execution["inputs"]!["maxPages"]!).ShouldBe(version);
        execution["inputs"]!["tone"]!.ToString().ShouldBe("plain");
        execution["tags"]!.ToJsonString().ShouldBe("""["nightly"]""");
        var origin = execution["metadata"]!["kitaru_deployment"]!;
        ((int)origin["version"]!).ShouldBe(version);
        if (version == 2)
            origin["deployment_id"]!.ToString().ShouldBe(second.Id.ToString());
        (origin["tag"]?.ToString() ?? "").ShouldBe(shown.Contains("\"version\":2", StringComparison.Ordinal) ? "" : version == 1 ? "default" : "canary");
        ((bool)execution["frozen_execution_spec"]!["resolved_execution"]!["cache"]!).ShouldBeTrue();
    }

    [Fact]
    public async Task Invoke_InputsInOtherSpelling_OverrideTheSameInput()
    {
        await using var bench = await McpBench.StartAsync();
        await bench.DeployAsync(new JsonObject { ["topic"] = "tea", ["maxPages"] = 1 });

        var answer = await bench.SuccessAsync("kitaru_deployments_invoke", """{"flow":"research_agent","inputs":{"max_pages":5}}""");

        answer["execution"]!["inputs"]!.ToJsonString().ShouldBe("""{"topic":"tea","maxPages":5,"tone":"plain"}""");
    }

    [Fact]
    public async Task ExecutionsList_ByDeployment_TakesAnIdOrAVersionOfTheFlow()
    {
        await using var bench = await McpBench.StartAsync();
        await bench.DeployAsync(new JsonObject { ["topic"] = "tea", ["maxPages"] = 1 });
        var second = await bench.DeployAsync(new JsonObject { ["topic"] = "tea", ["maxPages"] = 1 });
        await bench.SuccessAsync("kitaru_deployments_invoke", """{"flow":"research_agent"}""");
        var wanted = (await bench.SuccessAsync("kitaru_deployments_invoke", """{"flow":"research_agent","version":2}"""));

        wanted["execution"]!["deployment"]!.ToJsonString().ShouldBe($$"""{"deployment_id":"{{second.Id}}","version":2}""");
        foreach (var filter in new[] { $$""" "deployment":"{{second.Id}}" """, """ "deployment":2,"flow":"research_agent" """, """ "deployment":"2","flow":"research_agent" """ })
        {
            var page = await bench.SuccessAsync("kitaru_executions_list", $$"""{{{filter}}}""");
            ((int)page["total"]!, page["result"]![0]!["exec_id"]!.ToString()).ShouldBe((1, wanted["exec_id"]!.ToString()));
        }
        foreach (var (wrong, type) in new[]
        {
            (""" "deployment":2 """, "KitaruUsageError"), (""" "deployment":"canary" """, "KitaruUsageError"), (""" "deployment":0 """, "KitaruUsageError"),
            (""" "deployment":true """, "KitaruUsageError"), (""" "deployment":9,"flow":"research_agent" """, "LookupError"),
        })
            (await bench.CallAsync("kitaru_executions_list", $$"""{{{wrong}}}""")).Error()["type"]!.ToString().ShouldBe(type, wrong);
    }

    [Theory]
    [InlineData(""","version":1,"target":"a.cs:b" """, "version and target")]
    [InlineData(""","version":1,"code":"recorded" """, "code and version")]
    [InlineData(""","target":"a.cs:b","code":"current","dry_run":true """, "code and target")]
    [InlineData(""","version":0""", "version")]
    [InlineData(""","version":"1" """, "version")]
    [InlineData(""","target":"" """, "target")]
    public async Task Replay_CodeSaidTwice_OrWrongly_IsRefused(string arguments, string saying)
    {
        await using var bench = await McpBench.StartAsync();
        var story = await (await (await Story.RunningAsync(bench)).CallAsync("draft")).EndAsync(ExecutionStatus.Completed);

        var error = (await bench.CallAsync("kitaru_executions_replay", $$"""{"exec_id":"{{story.Id}}","from_":"draft"{{arguments}}}""")).Error();

        error["type"]!.ToString().ShouldBe("KitaruUsageError");
        error["message"]!.ToString().ShouldContain(saying);
    }

    [Fact]
    public async Task Delete_AnswersTheContractsKeys_AndTheNumberIsGone()
    {
        await using var bench = await McpBench.StartAsync();
        await bench.DeployAsync();
        await bench.DeployAsync();

        var answer = await bench.SuccessAsync("kitaru_deployments_delete", """{"flow":"research_agent","version":2}""");

        KeysOf(answer).ShouldBe(DeleteKeys.Replace("|", ""));
        answer.ToJsonString().ShouldBe("""{"flow":"research_agent","version":2,"deleted":true}""");
        (await bench.DeployAsync()).Version.ShouldBe(3);
    }

    [Fact]
    public async Task List_Pages_AndFiltersByFlow()
    {
        await using var bench = await McpBench.StartAsync();
        for (var i = 0; i < 3; i++)
            await bench.DeployAsync();

        var first = await bench.SuccessAsync("kitaru_deployments_list", """{"flow":"research_agent","limit":2}""");
        var second = await bench.SuccessAsync("kitaru_deployments_list", $$"""{"flow":"research_agent","limit":2,"cursor":"{{first["next_cursor"]}}"}""");

        ((int)first["total"]!).ShouldBe(3);
        first["result"]!.AsArray().Concat(second["result"]!.AsArray()).Select(item => (int)item!["version"]!).ShouldBe([1, 2, 3]);
        second["next_cursor"].ShouldBeNull();
        (await bench.SuccessAsync("kitaru_deployments_list", """{"flow":"other"}"""))["result"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task List_WithLargeInputs_StaysSmall()
    {
        await using var bench = await McpBench.StartAsync();
        for (var i = 0; i < 4; i++)
            await bench.DeployAsync(new JsonObject { ["topic"] = new string('x', 30_000) });

        var page = await bench.CallAsync("kitaru_deployments_list");

        page.Text().Length.ShouldBeLessThan(80_000);
        page.Structured()["result"]![0]!["inputs"]!["description"]!.ToString().ShouldContain("kitaru_deployments_get");
    }

    [Fact]
    public async Task Invoke_WhenItsCodeIsGone_StartsNothing()
    {
        await using var bench = await McpBench.StartAsync();
        await bench.DeployAsync(new JsonObject { ["topic"] = "tea", ["maxPages"] = 1 });
        bench.DeleteCode();

        var error = (await bench.CallAsync("kitaru_deployments_invoke", """{"flow":"research_agent"}""")).Error();

        error["type"]!.ToString().ShouldBe("KitaruStateError");
        error["next_step"]!.ToString().ShouldContain("kitaru_deployments_deploy");
        (await bench.SuccessAsync("kitaru_executions_list", "{}"))["total"]!.GetValue<int>().ShouldBe(0);
    }

    /// <summary>Version 1 is default, 2 and 3 share a tag; 3 is canary's only one. Flow "bare" has a version without default.</summary>
    [Theory]
    [InlineData("get", """{}""", "KitaruUsageError", "flow")]
    [InlineData("get", """{"flow":7}""", "KitaruUsageError", "string")]
    [InlineData("get", """{"flow":"a::b"}""", "KitaruUsageError", "::")]
    [InlineData("get", """{"flow":" "}""", "KitaruUsageError", "flow")]
    [InlineData("get", """{"flow":"research_agnt"}""", "LookupError", "research_agent")]
    [InlineData("get", """{"flow":"research_agent","version":1,"tag":"canary"}""", "KitaruUsageError", "both")]
    [InlineData("get", """{"flow":"research_agent","version":true}""", "KitaruUsageError", "integer")]
    [InlineData("get", """{"flow":"research_agent","version":0}""", "KitaruUsageError", "version")]
    [InlineData("get", """{"flow":"research_agent","version":9}""", "LookupError", "1, 2, 3")]
    [InlineData("get", """{"flow":"research_agent","tag":"Canary"}""", "LookupError", "canary")]
    [InlineData("get", """{"flow":"research_agent","tag":"both"}""", "KitaruStateError", "2, 3")]
    [InlineData("get", """{"flow":"research_agent","tag":"kitaru:deployment:x"}""", "KitaruUsageError", "kitaru:")]
    [InlineData("get", """{"flow":"research_agent","stack":"x"}""", "KitaruUsageError", "stack")]
    [InlineData("list", """{"flow":"a::b"}""", "KitaruUsageError", "::")]
    [InlineData("list", """{"flow":["a"]}""", "KitaruUsageError", "flow")]
    [InlineData("list", """{"flow":""}""", "KitaruUsageError", "flow")]
    [InlineData("list", """{"limit":0}""", "KitaruUsageError", "limit")]
    [InlineData("list", """{"limit":101}""", "KitaruUsageError", "limit")]
    [InlineData("list", """{"limit":"10"}""", "KitaruUsageError", "limit")]
    [InlineData("list", """{"cursor":"nonsense"}""", "KitaruUsageError", "cursor")]
    [InlineData("list", """{"cursor":"AQAA"}""", "KitaruUsageError", "cursor")]
    [InlineData("list", """{"tag":"default"}""", "KitaruUsageError", "tag")]
    [InlineData("list", """{"flow":"a\u0000b"}""", "KitaruUsageError", "NUL")]
    [InlineData("tag", """{"flow":"research_agent","version":1}""", "KitaruUsageError", "tag")]
    [InlineData("tag", """{"flow":"research_agent","tag":"x"}""", "KitaruUsageError", "version")]
    [InlineData("tag", """{"flow":"research_agent","version":"1","tag":"x"}""", "KitaruUsageError", "version")]
    [InlineData("tag", """{"flow":"research_agent","version":-1,"tag":"x"}""", "KitaruUsageError", "version")]
    [InlineData("tag", """{"flow":"research_agent","version":1,"tag":"  "}""", "KitaruUsageError", "tag")]
    [InlineData("tag", """{"flow":"research_agent","version":1,"tag":"kitaru:deployment:default:exclusive"}""", "KitaruUsageError", "kitaru:")]
    [InlineData("tag", """{"flow":"research_agent","version":1,"tag":"x","exclusive":"yes"}""", "KitaruUsageError", "exclusive")]
    [InlineData("tag", """{"flow":"research_agent","version":1,"tag":"x","force":true}""", "KitaruUsageError", "force")]
    [InlineData("tag", """{"flow":"research_agent","version":4,"tag":"x"}""", "LookupError", "1, 2, 3")]
    [InlineData("tag", """{"flow":"nobody","version":1,"tag":"x"}""", "LookupError", "nobody")]
    [InlineData("tag", """{"flow":"../../etc","version":1,"tag":"x"}""", "LookupError", "etc")]
    [InlineData("untag", """{"flow":"research_agent","version":1,"tag":"default"}""", "KitaruUsageError", "moved")]
    [InlineData("untag", """{"flow":"research_agent","version":3,"tag":"default"}""", "KitaruUsageError", "moved")]
    [InlineData("untag", """{"flow":"research_agent","version":4,"tag":"x"}""", "LookupError", "1, 2, 3")]
    [InlineData("untag", """{"flow":"research_agent","version":1.5,"tag":"x"}""", "KitaruUsageError", "version")]
    [InlineData("untag", """{"flow":"research_agent","version":1,"tag":""}""", "KitaruUsageError", "tag")]
    [InlineData("untag", """{"flow":"research_agent","version":1,"tag":null}""", "KitaruUsageError", "tag")]
    [InlineData("untag", """{"flow":"research_agent","version":1,"tag":"x","exclusive":true}""", "KitaruUsageError", "exclusive")]
    [InlineData("untag", """{"flow":"a::b","version":1,"tag":"x"}""", "KitaruUsageError", "::")]
    [InlineData("untag", """{"flow":"nobody","version":1,"tag":"x"}""", "LookupError", "nobody")]
    [InlineData("delete", """{"flow":"research_agent"}""", "KitaruUsageError", "version")]
    [InlineData("delete", """{"flow":"research_agent","version":true}""", "KitaruUsageError", "version")]
    [InlineData("delete", """{"flow":"research_agent","version":0}""", "KitaruUsageError", "version")]
    [InlineData("delete", """{"flow":"research_agent","version":1}""", "KitaruStateError", "'default'")]
    [InlineData("delete", """{"flow":"research_agent","version":3}""", "KitaruStateError", "'alpha', 'canary'")]
    [InlineData("delete", """{"flow":"research_agent","version":99}""", "LookupError", "1, 2, 3")]
    [InlineData("delete", """{"flow":"nobody","version":1}""", "LookupError", "nobody")]
    [InlineData("delete", """{"flow":"research_agent","tag":"canary"}""", "KitaruUsageError", "tag")]
    [InlineData("delete", """{"flow":"research_agent","version":2,"force":true}""", "KitaruUsageError", "force")]
    [InlineData("delete", """{"flow":{"a":1},"version":2}""", "KitaruUsageError", "flow")]
    [InlineData("invoke", """{"inputs":{}}""", "KitaruUsageError", "flow")]
    [InlineData("invoke", """{"flow":"research_agent","version":1,"tag":"x"}""", "KitaruUsageError", "both")]
    [InlineData("invoke", """{"flow":"research_agent","version":9}""", "LookupError", "1, 2, 3")]
    [InlineData("invoke", """{"flow":"research_agent","tag":"none"}""", "LookupError", "none")]
    [InlineData("invoke", """{"flow":"research_agent","tag":"both"}""", "KitaruStateError", "2, 3")]
    [InlineData("invoke", """{"flow":"nobody"}""", "LookupError", "nobody")]
    [InlineData("invoke", """{"flow":"research_agent","inputs":["tea"]}""", "KitaruUsageError", "inputs")]
    [InlineData("invoke", """{"flow":"research_agent","inputs":"tea"}""", "KitaruUsageError", "inputs")]
    [InlineData("invoke", """{"flow":"research_agent","inputs":{"tpic":"x"}}""", "KitaruUsageError", "topic")]
    [InlineData("invoke", """{"flow":"research_agent","inputs":{"topic":7,"maxPages":1}}""", "KitaruUsageError", "topic")]
    [InlineData("invoke", """{"flow":"research_agent","inputs":{"maxPages":1,"max_pages":2}}""", "KitaruUsageError", "twice")]
    [InlineData("invoke", """{"flow":"research_agent","inputs":{"maxPages":1}}""", "KitaruUsageError", "'topic'")]
    [InlineData("invoke", """{"flow":"research_agent","stack":"default"}""", "KitaruUsageError", "stack")]
    [InlineData("invoke", """{"flow":"research_agent","retries":1}""", "KitaruUsageError", "retries")]
    [InlineData("invoke", """{"flow":"research_agent","wait_seconds":51}""", "KitaruUsageError", "wait_seconds")]
    [InlineData("invoke", """{"flow":"research_agent","tags":["a\nb"],"inputs":{"topic":"x","maxPages":1}}""", "KitaruUsageError", "tag")]
    [InlineData("deploy", """{}""", "KitaruUsageError", "target")]
    [InlineData("deploy", """{"target":""}""", "KitaruUsageError", "target")]
    [InlineData("deploy", """{"target":"a.cs:b","tag":"kitaru:deployment:x"}""", "KitaruUsageError", "kitaru:")]
    [InlineData("deploy", """{"target":"a.cs:b","tag":" "}""", "KitaruUsageError", "tag")]
    [InlineData("deploy", """{"target":"a.cs:b","tag":["x"]}""", "KitaruUsageError", "tag")]
    [InlineData("deploy", """{"target":"a.cs:b","exclusive":1}""", "KitaruUsageError", "exclusive")]
    [InlineData("deploy", """{"target":"a.cs:b","inputs":[1]}""", "KitaruUsageError", "inputs")]
    [InlineData("deploy", """{"target":"a.cs:b","image":7}""", "KitaruUsageError", "image")]
    [InlineData("deploy", """{"target":"a.cs:b","image":["x"]}""", "KitaruUsageError", "image")]
    [InlineData("deploy", """{"target":"a.cs:b","cache":"no"}""", "KitaruUsageError", "cache")]
    [InlineData("deploy", """{"target":"a.cs:b","retries":-1}""", "KitaruUsageError", "retries")]
    [InlineData("deploy", """{"target":"a.cs:b","retries":true}""", "KitaruUsageError", "retries")]
    [InlineData("deploy", """{"target":"a.cs:b","image":{"requirments":["x"]}}""", "KitaruUsageError", "requirements")]
    [InlineData("deploy", """{"target":"a.cs:b","image":"  "}""", "KitaruUsageError", "image")]
    [InlineData("deploy", """{"target":"a.cs:b","image":{"environment":{"A=B":"x"}}}""", "KitaruUsageError", "A=B")]
    [InlineData("deploy", """{"target":"a.cs:b","dry_run":"true"}""", "KitaruUsageError", "dry_run")]
    [InlineData("deploy", """{"target":"a.cs:b","name":"x"}""", "KitaruUsageError", "name")]
    public async Task WrongCalls_AreTypedAndSayWhatToDo_AndChangeNothing(string tool, string arguments, string type, string saying)
    {
        await using var bench = await McpBench.StartAsync();
        await bench.DeployAsync();
        await bench.DeployAsync(tags: ("both", false));
        await bench.DeployAsync(tags: [("both", false), ("canary", true), ("alpha", true)]);
        var before = (await bench.SuccessAsync("kitaru_deployments_list", "{}")).ToJsonString();

        var error = (await bench.CallAsync("kitaru_deployments_" + tool, arguments)).Error();

        (error["type"]!.ToString(), error.ToJsonString()).ShouldBe((type, error.ToJsonString()));
        error["message"]!.ToString().ShouldContain(saying);
        error["next_step"]?.ToString().ShouldNotBeNullOrWhiteSpace(error.ToJsonString());
        (await bench.SuccessAsync("kitaru_deployments_list", "{}")).ToJsonString().ShouldBe(before);
        (await bench.SuccessAsync("kitaru_executions_list", "{}"))["total"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Invoke_WithoutSelector_NeedsADefault()
    {
        await using var bench = await McpBench.StartAsync();
        (await bench.CallAsync("kitaru_deployments_invoke", """{"flow":"research_agent"}""")).Error()["message"]!.ToString().ShouldNotContain("default");
        await bench.DeployAsync(defaultOnFirst: false);

        var error = (await bench.CallAsync("kitaru_deployments_invoke", """{"flow":"research_agent"}""")).Error();

        error["type"]!.ToString().ShouldBe("KitaruStateError");
        error["next_step"]!.ToString().ShouldContain("kitaru_deployments_tag");
        (await bench.CallAsync("kitaru_deployments_get", """{"flow":"research_agent"}""")).Error()["type"]!.ToString().ShouldBe("LookupError");
    }

    private static string KeysOf(JsonObject json) => string.Join(',', json.Select(pair => pair.Key));
}
