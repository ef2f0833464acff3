using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Mcp.Tools;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Kitaru.UnitTests.Mcp;

/// <summary>Questions that are put to the client's user before they are answered.</summary>
public class ApprovalTests
{
    private const string Bool = """{"type":"boolean"}""";

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Input_ByAClientThatCanAsk_StoresWhatTheUserSays(string version)
    {
        var asked = new List<ElicitRequestParams>();
        await using var bench = await McpBench.StartAsync(client: Asking(version, request =>
        {
            asked.Add(request);
            return ("accept", """{"value":false}""");
        }));
        var story = await (await Story.RunningAsync(bench)).WaitAsync("approve", "Publish?", Bool);

        var answer = await bench.SuccessAsync("kitaru_executions_input", Arguments(story, "true"));

        var form = asked.ShouldHaveSingleItem();
        form.Message.ShouldBe($"The flow research_agent asks (approve, execution {story.Id}): Publish?");
        form.RequestedSchema!.Properties["value"].ShouldBeOfType<ElicitRequestParams.BooleanSchema>().Default.ShouldBe(true);
        var wait = answer["waits"]![0]!;
        (wait["status"]!.ToString(), wait["answer"]!.GetValue<bool>(), wait["resolved_at"] is not null).ShouldBe(("answered", false, true));
        wait["resolved_by"]!.ToString().ShouldBe("mcp:tester, its user was asked");
    }

    [Theory]
    [InlineData("2025-11-25", "decline", "declined")]
    [InlineData("2026-07-28", "decline", "declined")]
    [InlineData("2026-07-28", "cancel", "closed the form")]
    public async Task Input_ThatTheUserDoesNotGive_StoresNothing(string version, string action, string said)
    {
        await using var bench = await McpBench.StartAsync(client: Asking(version, _ => (action, null)));
        var story = await (await Story.RunningAsync(bench)).WaitAsync("approve", "Publish?", Bool);
        var error = (await bench.CallAsync("kitaru_executions_input", Arguments(story, "true"))).Error();
        error["message"]!.ToString().ShouldContain(said);
        error["message"]!.ToString().ShouldContain("Nothing was stored");
        (await GetAsync(bench, story))["pending_wait"]!["name"]!.ToString().ShouldBe("approve");
    }

    [Fact]
    public async Task Input_ThatIsNoFlatObject_IsWrittenAsJson_AndChecked()
    {
        var answers = new Queue<string>(["""{"value":"nonsense"}""", """{"value":"{\"items\":[{\"n\":1}]}"}"""]);
        await using var bench = await McpBench.StartAsync(client: Asking("2026-07-28", request =>
        {
            request.RequestedSchema!.Properties["value"].Description.ShouldNotBeNull().ShouldContain("\"items\"");
            return ("accept", answers.Dequeue());
        }));
        var story = await (await Story.RunningAsync(bench)).WaitAsync("order", "What?", """{"type":"object","properties":{"items":{"type":"array","items":{"type":"object"}}},"required":["items"]}""");
        (await bench.CallAsync("kitaru_executions_input", Arguments(story, "null", "order"))).Error()["type"]!.ToString().ShouldBe("KitaruWaitValidationError");
        (await bench.SuccessAsync("kitaru_executions_input", Arguments(story, "null", "order")))["waits"]![0]!["answer"]!.ToJsonString().ShouldBe("""{"items":[{"n":1}]}""");
    }

    [Fact]
    public async Task Input_WhereTheOperatorWantsNoForms_IsTheClients()
    {
        await using var bench = await McpBench.StartAsync(
            ToolPolicyWords.FromEnvironment(name => name == ToolPolicyWords.UnaskedVariable ? "true" : null), Asking("2026-07-28", _ => throw new InvalidOperationException("It was asked.")));
        var story = await (await Story.RunningAsync(bench)).WaitAsync("approve", "Publish?", Bool);
        var wait = (await bench.SuccessAsync("kitaru_executions_input", Arguments(story, "true")))["waits"]![0]!;
        (wait["answer"]!.GetValue<bool>(), wait["resolved_by"]!.ToString()).ShouldBe((true, "mcp:tester, given with the call"));
    }

    [Fact]
    public async Task State_ThatWasChanged_IsOfAnotherQuestion_OrIsUsedAgain_IsRefused()
    {
        await using var bench = await McpBench.StartAsync();
        await using var client = new RawClient(bench, "ann");
        await using var stranger = new RawClient(bench, "bob");
        var story = await (await Story.RunningAsync(bench)).WaitAsync("approve", "Publish?", Bool);
        var other = await (await Story.RunningAsync(bench)).WaitAsync("approve", "Delete?", Bool);
        var asked = await CallAsync(client, story, null, null);
        asked["resultType"]!.ToString().ShouldBe("input_required");
        asked.ContainsKey("content").ShouldBeFalse();
        var (key, state) = (asked["inputRequests"]!.AsObject().Single().Key, asked["requestState"]!.ToString());
        state.ShouldNotContain(story.Id.ToString());

        var changed = (state[0] == 'A' ? 'B' : 'A') + state[1..];
        foreach (var (where, wrong, says) in new[] { (story, changed, "was changed"), (story, "x", "was changed"), (story, "", "was changed"), (other, state, "another question") })
        {
            var error = (await CallAsync(client, where, key, wrong))["structuredContent"]!["error"]!;
            error["message"]!.ToString().ShouldContain(says);
            (await GetAsync(bench, where))["pending_wait"].ShouldNotBeNull();
        }
        (await CallAsync(stranger, story, key, state))["structuredContent"]!["error"]!["message"]!.ToString().ShouldContain("somebody else");
        // An answer without the state is nobody's: the user is asked.
        (await CallAsync(client, story, key, null))["resultType"]!.ToString().ShouldBe("input_required");

        (await CallAsync(client, story, key, state))["structuredContent"]!["waits"]![0]!["resolved_by"]!.ToString().ShouldBe("ann (mcp:raw), its user was asked");
        (await CallAsync(client, story, key, state))["structuredContent"]!["error"]!["message"]!.ToString().ShouldContain("no open question");
    }

    private static McpClientOptions Asking(string version, Func<ElicitRequestParams, (string Action, string? Content)> answer) => new()
    {
        ProtocolVersion = version,
        ClientInfo = new Implementation { Name = "tester", Version = "1" },
        Capabilities = new ClientCapabilities { Elicitation = new ElicitationCapability() },
        Handlers = new McpClientHandlers
        {
            ElicitationHandler = (request, _) =>
            {
                var (action, content) = answer(request!);
                return ValueTask.FromResult(new ElicitResult { Action = action, Content = content is null ? null : JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(content) });
            },
        },
    };

    private static string Arguments(Story story, string value, string wait = "approve") => $$"""{"exec_id":"{{story.Id}}","wait":"{{wait}}","value":{{value}}}""";

    private static Task<JsonObject> GetAsync(McpBench bench, Story story) => bench.SuccessAsync("kitaru_executions_get", $$"""{"exec_id":"{{story.Id}}"}""");

    private static Task<JsonObject> CallAsync(RawClient client, Story story, string? key, string? state)
    {
        var parameters = new JsonObject { ["name"] = "kitaru_executions_input", ["arguments"] = JsonNode.Parse(Arguments(story, "true")) };
        if (key is not null)
            parameters["inputResponses"] = new JsonObject { [key] = new JsonObject { ["action"] = "accept", ["content"] = new JsonObject { ["value"] = true } } };
        if (state is not null)
            parameters["requestState"] = state;
        return client.CallAsync("tools/call", parameters);
    }
}
