using System.Text.Json.Nodes;
using Kitaru.Mcp.Tools;

namespace Kitaru.UnitTests.Mcp;

/// <summary>Every tool called wrongly in every way: the answer says what to do next, and nothing has happened.</summary>
public class WrongCallTests(WrongCallWorld world) : IClassFixture<WrongCallWorld>
{
    private static readonly string[] Types =
    [
        "KitaruUsageError", "KitaruStateError", "KitaruNotFoundError", "KitaruFeatureNotAvailableError", "KitaruWaitValidationError", "LookupError", "KitaruBuildError", "KitaruRuntimeError",
    ];

    /// <summary>What no schema can say: states, ids, paths, things that are not there.</summary>
    private static readonly Dictionary<string, (string Arguments, string Saying)[]> OfMeaning = new()
    {
        ["kitaru_executions_run"] =
        [
            ("""{"target":"../../../../etc/passwd:flow"}""", "passwd"),
            ("""{"target":"/etc/passwd:flow"}""", "/etc/passwd"),
            ("""{"target":"no_colon_here"}""", "no_colon_here"),
            ("""{"target":"missing/Flows.cs:flow"}""", "missing"),
            ("""{"target":":flow"}""", "target"),
            ("""{"target":"file:///etc/passwd:flow"}""", "passwd"),
            ("""{"target":"https://example.com/Flow.cs:flow"}""", "example.com"),
            ("""{"target":"a\r\nb.cs:flow"}""", "flow"),
        ],
        ["kitaru_executions_list"] =
        [
            ("""{"since":"yesterday"}""", "'since'"), ("""{"until":"2026-13-45"}""", "'until'"), ("""{"cursor":"not a cursor"}""", "cursor"), ("""{"original_exec_id":"nobody"}""", "nobody"),
            ("""{"deployment":"2"}""", "'flow'"), ("""{"deployment":"latest"}""", "'deployment'"), ("""{"deployment":9,"flow":"research_agent"}""", "9"), ("""{"status":"runing"}""", "Did you mean 'running'"),
        ],
        ["kitaru_executions_latest"] = [("""{"flow":"nobody"}""", "nobody"), ("""{"stack":"../../x"}""", "../../x"), ("""{"status":"canceled"}""", "Did you mean 'cancelled'")],
        ["kitaru_executions_statistics"] =
        [
            ("""{"group_by":["colour"]}""", "colour"), ("""{"group_by":["time:day","time:hour"]}""", "time"), ("""{"metrics":["x"]}""", "x"), ("""{"metrics":["x:duration:median"]}""", "median"),
            ("""{"group_by":[{"dimension":"time"}]}""", "group_by"), ("""{"since":"soon"}""", "'since'"), ("""{"group_by":["status","status"]}""", "status"),
        ],
        ["get_execution_logs"] =
        [
            .. Ids("{nobody}"), ("""{"exec_id":"{completed}","since":"soon"}""", "'since'"), ("""{"exec_id":"{completed}","checkpoint":"  "}""", "'checkpoint'"),
            ("""{"exec_id":"{completed}","checkpoint":"fetch","source":"runner"}""", "exclude"), ("""{"exec_id":"{completed}","level":"WARN"}""", "WARNING"),
        ],
        ["kitaru_artifacts_list"] = [.. Ids("{nobody}")],
        ["kitaru_artifacts_get"] =
        [
            ("""{"artifact_id":"{nobody}"}""", "0199c0de"), ("""{"artifact_id":"../../etc/passwd"}""", "passwd"), ("""{"artifact_id":"{nobody}:inputs"}""", "0199c0de"),
            ("""{"artifact_id":"{queued}:result"}""", "result"), ("""{"artifact_id":"{completed}:everything"}""", "everything"), ("""{"artifact_id":"{completed}:inputs","offset":99999999}""", "offset"),
        ],
        ["kitaru_executions_get"] = [.. Ids("{nobody}")],
        ["kitaru_executions_explain"] = [.. Ids("{nobody}")],
        ["kitaru_executions_input"] =
        [
            .. Ids("{nobody}", ",\"wait\":\"approve\",\"value\":true"), ("""{"exec_id":"{waiting}","wait":"aprove","value":true}""", "approve"), ("""{"exec_id":"{waiting}","wait":"approve","value":"maybe"}""", "boolean"),
            ("""{"exec_id":"{waiting}","wait":"approve","value":null}""", "boolean"), ("""{"exec_id":"{completed}","wait":"approve","value":true}""", "completed"),
            ("""{"exec_id":"{running}","wait":"approve","value":true}""", "approve"),
        ],
        ["kitaru_executions_abort_wait"] =
        [
            .. Ids("{nobody}", ",\"wait\":\"approve\""), ("""{"exec_id":"{waiting}","wait":"aprove"}""", "approve"), ("""{"exec_id":"{waiting}","wait":"  "}""", "'wait'"),
            ("""{"exec_id":"{completed}","wait":"approve"}""", "completed"), ("""{"exec_id":"{queued}","wait":"approve"}""", "approve"),
        ],
        ["kitaru_executions_cancel"] = [.. Ids("{nobody}"), ("""{"exec_id":"{completed}"}""", "completed"), ("""{"exec_id":"{failed}"}""", "failed")],
        ["kitaru_executions_retry"] =
        [
            .. Ids("{nobody}"), ("""{"exec_id":"{running}"}""", "running"), ("""{"exec_id":"{queued}"}""", "queued"), ("""{"exec_id":"{waiting}"}""", "waiting"),
            ("""{"exec_id":"{completed}"}""", "completed"), ("""{"exec_id":"{cancelled}"}""", "cancelled"),
        ],
        ["kitaru_executions_resume"] =
        [
            .. Ids("{nobody}"), ("""{"exec_id":"{waiting}"}""", "kitaru_executions_input"), ("""{"exec_id":"{completed}"}""", "completed"), ("""{"exec_id":"{failed}"}""", "failed"),
            ("""{"exec_id":"{cancelled}"}""", "cancelled"),
        ],
        ["kitaru_executions_tag"] =
        [
            .. Ids("{nobody}", ",\"add\":[\"a\"]"), ("""{"exec_id":"{queued}"}""", "'add'"), ("""{"exec_id":"{queued}","add":["a"],"remove":["a"]}""", "a"), ("""{"exec_id":"{queued}","add":["a\nb"]}""", "tag"),
            ("""{"exec_id":"{queued}","add":["  "]}""", "tag"),
        ],
        ["kitaru_executions_bulk"] =
        [
            ("""{"action":"cancel"}""", "'exec_ids'"), ("""{"action":"cancel","exec_ids":["nobody"]}""", "nobody"), ("""{"action":"cancel","exec_ids":["{queued}"],"flow":"research_agent"}""", "'flow'"),
            ("""{"action":"cancel","status":"failed"}""", "'status'"), ("""{"action":"retry","status":"running"}""", "'status'"), ("""{"action":"retry","flow":"research_agent","since":"soon"}""", "'since'"),
            ("""{"action":"cancel","confirm":"yes"}""", "'confirm'"), ("""{"action":"delete","flow":"research_agent"}""", "'action'"), ("""{"action":"cancle","flow":"research_agent"}""", "Did you mean 'cancel'"),
        ],
        ["kitaru_executions_replay"] =
        [
            .. Ids("{nobody}", ",\"from_\":\"fetch\",\"code\":\"recorded\""), ("""{"exec_id":"{running}","from_":"fetch","code":"recorded"}""", "running"),
            ("""{"exec_id":"{queued}","from_":"fetch","code":"recorded"}""", "queued"),
        ],
        ["kitaru_executions_replay_many"] =
        [
            ("""{"exec_ids":["nobody"],"at":"fetch"}""", "nobody"), ("""{"confirm":"nobody"}""", "confirm"), ("""{"exec_ids":["{running}"],"at":"fetch","code":"recorded"}""", "is running"),
            ("""{"exec_ids":[],"at":"fetch"}""", "exec_ids"), ("""{"exec_ids":["../../x"],"at":"fetch"}""", "../../x"),
        ],
        ["kitaru_executions_cohort"] =
        [
            ("""{"flow":"research_agent","at":"fetch","order_by":"colour"}""", "order_by"), ("""{"flow":"research_agent","at":"fetch","since":"soon"}""", "since"),
            ("""{"flow":"research_agent","at":"fetch","since":"2026-06-16","until":"2026-06-01"}""", "until"), ("""{"flow":"research_agent","at":"fetch","deployment":"nowhere"}""", "nowhere"),
        ],
        ["kitaru_executions_diff"] = [("""{"original":"nobody"}""", "nobody"), ("""{"original":"{nobody}"}""", "0199c0de"), ("""{"original":"{completed}","executions":["{failed}"]}""", "replay")],
        ["kitaru_executions_diff_matrix"] = [("""{"exec_ids":["nobody"]}""", "nobody"), ("""{"exec_ids":["{nobody}"]}""", "0199c0de"), ("""{"exec_ids":[]}""", "exec_ids")],
        ["kitaru_executions_delete"] =
        [
            .. Ids("{nobody}"), ("""{"exec_id":"{running}"}""", "kitaru_executions_cancel"), ("""{"exec_id":"{waiting}"}""", "kitaru_executions_cancel"), ("""{"exec_id":"{queued}"}""", "kitaru_executions_cancel"),
        ],
        ["kitaru_executions_prune"] = [("""{"older_than_days":0,"status":"running","dry_run":false}""", "status"), ("""{"older_than_days":-1,"dry_run":false}""", "older_than_days")],
        ["kitaru_deployments_deploy"] =
        [
            ("""{"target":"../../../../etc/passwd:flow"}""", "passwd"), ("""{"target":"missing/Flows.cs:flow"}""", "missing"), ("""{"target":"a.cs:b","tag":"kitaru:deployment:x"}""", "kitaru:"),
            ("""{"target":"a.cs:b","image":{"requirments":["x"]}}""", "requirements"),
        ],
        ["kitaru_deployments_invoke"] =
        [
            ("""{"flow":"nobody"}""", "nobody"), ("""{"flow":"research_agent","version":9}""", "1, 2, 3"), ("""{"flow":"research_agent","version":1,"tag":"canary"}""", "both"),
            ("""{"flow":"research_agent","tag":"both"}""", "2, 3"), ("""{"flow":"research_agent","inputs":{"tpic":"x"}}""", "topic"), ("""{"flow":"../../etc","version":1}""", "etc"),
            ("""{"flow":"research_agent","inputs":{"topic":"x","maxPages":0}}""", "maxPages"),
        ],
        ["kitaru_deployments_list"] = [("""{"cursor":"not a cursor"}""", "cursor")],
        ["kitaru_deployments_get"] = [("""{"flow":"nobody"}""", "nobody"), ("""{"flow":"research_agent","version":9}""", "1, 2, 3"), ("""{"flow":"research_agent","version":1,"tag":"canary"}""", "both")],
        ["kitaru_deployments_tag"] = [("""{"flow":"nobody","version":1,"tag":"x"}""", "nobody"), ("""{"flow":"research_agent","version":9,"tag":"x"}""", "1, 2, 3"), ("""{"flow":"research_agent","version":1,"tag":"kitaru:deployment:x"}""", "kitaru:")],
        ["kitaru_deployments_untag"] = [("""{"flow":"nobody","version":1,"tag":"x"}""", "nobody"), ("""{"flow":"research_agent","version":1,"tag":"default"}""", "moved"), ("""{"flow":"research_agent","version":9,"tag":"x"}""", "1, 2, 3")],
        ["kitaru_deployments_delete"] = [("""{"flow":"nobody","version":1}""", "nobody"), ("""{"flow":"research_agent","version":1}""", "'default'"), ("""{"flow":"research_agent","version":3}""", "canary")],
        ["manage_stack"] =
        [
            ("""{"action":"create","name":"taken"}""", "taken"), ("""{"action":"delete","name":"missing"}""", "missing"), ("""{"action":"delete","name":"default"}""", "default"),
            ("""{"action":"create","name":"a","force":true}""", "force"), ("""{"action":"create","name":"a","stack_type":"modal"}""", "modal"), ("""{"action":"delete","name":"../../etc/passwd"}""", "passwd"),
        ],
        ["kitaru_secrets_create"] =
        [
            ("""{"name":"taken","values":{"KEY":"hunter2-hunter2"}}""", "taken"), ("""{"name":"a","values":{}}""", "values"), ("""{"name":"a","values":{"A B":"hunter2-hunter2"}}""", "values"),
            ("""{"name":"a","values":{"A":{"B":"hunter2-hunter2"}}}""", "values"), ("""{"name":"  ","values":{"KEY":"hunter2-hunter2"}}""", "name"),
        ],
    };

    public static TheoryData<string> Tools => [.. new ToolRegistry().Tools.Select(tool => tool.Name)];

    [Theory]
    [MemberData(nameof(Tools))]
    public async Task WrongCalls_AreAnsweredWithWhatToDo_AndChangeNothing(string name)
    {
        var tool = new ToolRegistry().Find(name);
        List<WrongCall> calls = [.. WrongCalls.Of(tool), .. OfMeaning.GetValueOrDefault(name, []).Select(call => new WrongCall(call.Arguments, call.Saying))];
        calls.Count.ShouldBeGreaterThanOrEqualTo(8);
        var before = await world.LookAsync();
        var faults = new List<string>();
        foreach (var call in calls)
        {
            var result = await world.Bench.CallAsync(name, world.Fill(call.Arguments));
            if (Fault(call, result.IsError ?? false, result.Text(), result.Structured()["error"] as JsonObject) is { } fault)
                faults.Add($"{(call.Arguments.Length > 200 ? call.Arguments[..200] : call.Arguments)}\n   {fault}\n   {(result.Text().Length > 600 ? result.Text()[..600] : result.Text())}");
        }
        faults.ShouldBeEmpty();
        (await world.LookAsync()).ShouldBe(before);
        world.Bench.Diagnostics.ToString().ShouldBeEmpty();
    }

    private static string? Fault(WrongCall call, bool isError, string text, JsonObject? error)
    {
        if (!isError || error is null)
            return "was not refused";
        if (!Types.Contains(error["type"]!.ToString()))
            return "has a type that no caller expects";
        if (!(text + error.ToJsonString()).Contains(call.Saying, StringComparison.Ordinal))
            return $"does not say {call.Saying}";
        if (string.IsNullOrWhiteSpace(error["next_step"]?.ToString()))
            return "has no next step";
        if (error["details"]?["reference"] is not null || text.Contains("   at ", StringComparison.Ordinal) || text.Contains("Exception", StringComparison.Ordinal))
            return "shows the inside of the program";
        if (text.Any(letter => char.IsControl(letter) && letter != '\n'))
            return "repeats control characters";
        if (text.Contains("hunter", StringComparison.Ordinal))
            return "repeats a secret";
        return text.Length > 4000 ? "is too long" : null;
    }

    private static (string, string)[] Ids(string nobody, string more = "") =>
    [
        ($$"""{"exec_id":"{{nobody}}"{{more}}}""", "0199c0de"), ($$"""{"exec_id":"nobody"{{more}}}""", "'nobody'"), ($$"""{"exec_id":"../../etc/passwd"{{more}}}""", "passwd"),
        ($$"""{"exec_id":"0199c0de"{{more}}}""", "0199c0de"), ($$"""{"exec_id":"' OR 1=1 --"{{more}}}""", "OR 1=1"), ($$"""{"exec_id":"a\u001b[31m"{{more}}}""", "a?[31m"),
    ];
}
