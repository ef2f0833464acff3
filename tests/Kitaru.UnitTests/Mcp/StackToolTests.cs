using System.Text.Json.Nodes;

namespace Kitaru.UnitTests.Mcp;

public sealed class StackToolTests
{
    private const string Manage = "manage_stack";
    private const string List = "kitaru_stacks_list";

    [Fact]
    public async Task Stacks_MadeListedAndDeleted_InTheContractsKeys()
    {
        await using var bench = await McpBench.StartAsync();

        var created = await bench.SuccessAsync(Manage, """{"action":"create","name":"local-dev","extra":{"orchestrator":{"concurrency":2}}}""");
        created.Select(pair => pair.Key).ShouldBe(["id", "name", "is_active", "previous_active_stack", "components_created", "stack_type"]);
        created["previous_active_stack"]!.ToString().ShouldBe("default");
        (await bench.SuccessAsync("kitaru_status", "{}"))["active_stack"]!.ToString().ShouldBe("local-dev");

        var list = await bench.SuccessAsync(List, "{}");
        list["total"]!.GetValue<int>().ShouldBe(2);
        list["result"]!.AsArray().Select(item => item!.ToJsonString()).ShouldBe(
        [
            """{"id":"01900000-0000-7000-8000-000000000000","name":"default","is_active":false,"is_managed":false}""",
            $$"""{"id":"{{created["id"]}}","name":"local-dev","is_active":true,"is_managed":true}""",
        ]);

        var deleted = await bench.SuccessAsync(Manage, """{"action":"delete","name":"local-dev","force":true,"recursive":true}""");
        deleted.ToJsonString().ShouldBe(
            """{"deleted_stack":"local-dev","components_deleted":["local-dev (orchestrator)","local-dev (artifact_store)"],"new_active_stack":"default","recursive":true}""");
        (await bench.SuccessAsync("kitaru_status", "{}"))["active_stack"]!.ToString().ShouldBe("default");
    }

    [Fact]
    public async Task Stacks_OfACloud_AreStoredCompletely_AndARunThereIsRefused()
    {
        await using var bench = await McpBench.StartAsync();

        var created = await bench.SuccessAsync(
            Manage,
            """
            {"action":"create","name":"prod","activate":false,"stack_type":"Kubernetes","artifact_store":"gs://b/x","container_registry":"eu-docker.pkg.dev/p/r","cluster":"c","region":"eu",
             "extra":"{\"orchestrator\":{\"pod_settings\":{\"a\":1}}}","async_mode":true,"verify":false}
            """);

        created["resources"]!.ToJsonString().ShouldBe(
            """{"provider":"gcp","cluster":"c","region":"eu","namespace":"default","artifact_store":"gs://b/x","container_registry":"eu-docker.pkg.dev/p/r"}""");
        created["service_connectors_created"]!.ToJsonString().ShouldBe("""["prod"]""");
        created["warning"]!.ToString().ShouldContain("kubernetes");
        var error = (await bench.CallAsync("kitaru_executions_run", $$"""{"target":{{JsonValue.Create(typeof(StackToolTests).Assembly.Location + ":plain").ToJsonString()}},"stack":"prod"}""")).Error();
        error["type"]!.ToString().ShouldBe("KitaruFeatureNotAvailableError");
        error["message"]!.ToString().ShouldContain("'prod'");
        (await bench.SuccessAsync("kitaru_executions_list", "{}"))["total"]!.GetValue<int>().ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"name":"a"}""", "KitaruUsageError", "action")]
    [InlineData("""{"action":"make","name":"a"}""", "KitaruUsageError", "action")]
    [InlineData("""{"action":"create"}""", "KitaruUsageError", "name")]
    [InlineData("""{"action":"create","name":7}""", "KitaruUsageError", "name")]
    [InlineData("""{"action":"create","name":"   "}""", "KitaruUsageError", "name")]
    [InlineData("""{"action":"create","name":"a\u0000b"}""", "KitaruUsageError", "name")]
    [InlineData("""{"action":"create","name":"default"}""", "KitaruStateError", "name")]
    [InlineData("""{"action":"create","name":"taken"}""", "KitaruStateError", "name")]
    [InlineData("""{"action":"create","name":"a","force":true}""", "KitaruUsageError", "force")]
    [InlineData("""{"action":"create","name":"a","recursive":true}""", "KitaruUsageError", "recursive")]
    [InlineData("""{"action":"create","name":"a","stack_type":"modal"}""", "KitaruUsageError", "stack_type")]
    [InlineData("""{"action":"create","name":"a","cluster":"c"}""", "KitaruUsageError", "cluster")]
    [InlineData("""{"action":"create","name":"a","async_mode":true}""", "KitaruUsageError", "async_mode")]
    [InlineData("""{"action":"create","name":"a","stack_type":"vertex"}""", "KitaruUsageError", "artifact_store")]
    [InlineData("""{"action":"create","name":"a","extra":[1]}""", "KitaruUsageError", "extra")]
    [InlineData("""{"action":"create","name":"a","extra":{"orchestrator":{"concurrency":"many"}}}""", "KitaruUsageError", "extra")]
    [InlineData("""{"action":"create","name":"a","sandbox":"modal"}""", "KitaruUsageError", "sandbox")]
    [InlineData("""{"action":"create","name":"a","credential":"aws-access-keys:AKIA1:hunter2"}""", "KitaruUsageError", "credential")]
    [InlineData("""{"action":"create","name":"a","activate":"yes"}""", "KitaruUsageError", "activate")]
    [InlineData("""{"action":"delete","name":"missing"}""", "KitaruStateError", "name")]
    [InlineData("""{"action":"delete","name":"default"}""", "KitaruStateError", null)]
    [InlineData("""{"action":"delete","name":"taken"}""", "KitaruStateError", "force")]
    [InlineData("""{"action":"delete","name":"taken","activate":false,"cluster":"c","verify":false}""", "KitaruUsageError", "activate")]
    [InlineData("""{"action":"delete","name":"taken","stack_type":"vertex","extra":{}}""", "KitaruUsageError", "stack_type")]
    [InlineData("""{"action":"delete","name":"../../etc/passwd"}""", "KitaruStateError", "name")]
    public async Task Manage_WrongCall_IsATypedError_AndNothingIsChanged(string arguments, string type, string? argument)
    {
        await using var bench = await McpBench.StartAsync();
        await bench.SuccessAsync(Manage, """{"action":"create","name":"taken"}""");
        var before = (await bench.SuccessAsync(List, "{}")).ToJsonString();

        var error = (await bench.CallAsync(Manage, arguments)).Error();

        error.ToJsonString().ShouldNotContain("hunter2");
        error["type"]!.ToString().ShouldBe(type);
        error["next_step"]!.ToString().ShouldNotBeNullOrWhiteSpace();
        if (argument is not null)
            error["details"]!["argument"]!.ToString().ShouldBe(argument);
        (await bench.SuccessAsync(List, "{}")).ToJsonString().ShouldBe(before);
    }

    [Theory]
    [InlineData("""{"page":1}""")]
    [InlineData("""{"name":"a"}""")]
    [InlineData("""{"":1}""")]
    [InlineData("""{"limit":"1; DROP TABLE stack"}""")]
    public async Task List_AnyArgument_IsRefused(string arguments)
    {
        await using var bench = await McpBench.StartAsync();

        (await bench.CallAsync(List, arguments)).Error()["type"]!.ToString().ShouldBe("KitaruUsageError");
    }

    [Fact]
    public async Task Manage_UnderAKey_IsDoneOnce()
    {
        await using var bench = await McpBench.StartAsync();
        const string call = """{"action":"create","name":"once","idempotency_key":"k1"}""";

        var first = await bench.SuccessAsync(Manage, call);
        var second = await bench.SuccessAsync(Manage, call);

        second.ToJsonString().ShouldBe(first.ToJsonString());
        (await bench.SuccessAsync(List, "{}"))["total"]!.GetValue<int>().ShouldBe(2);
    }
}
