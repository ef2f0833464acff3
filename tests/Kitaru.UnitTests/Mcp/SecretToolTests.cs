using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.UnitTests.Mcp;

public class SecretToolTests
{
    // Copied by hand from the contract.
    private static readonly string[] SummaryKeys = ["id", "name", "visibility", "keys", "keys_known", "has_missing_values"];

    [Fact]
    public async Task Create_ThenList_ShowsTheSummaryAndNoValue()
    {
        await using var bench = await McpBench.StartAsync();
        var made = await bench.SuccessAsync("kitaru_secrets_create", """{"name":" openai-creds ","values":{"ORG":"hunter2-org","API_KEY":"hunter2-key"}}""");
        var other = await bench.SuccessAsync("kitaru_secrets_create", """{"name":"Numbers","values":"{\"PORT\":54321,\"FLAG\":true}","private":true}""");

        made.Select(pair => pair.Key).ShouldBe(SummaryKeys);
        (made["name"]!.ToString(), made["visibility"]!.ToString(), KitaruJson.Write(made["keys"])).ShouldBe(("openai-creds", "public", """["API_KEY","ORG"]"""));
        (made["keys_known"]!.GetValue<bool>(), made["has_missing_values"]!.GetValue<bool>()).ShouldBe((true, false));
        other["visibility"]!.ToString().ShouldBe("private");
        (await bench.Backend.Client.Secrets.GetAsync("Numbers")).Values.ShouldBe(new Dictionary<string, string> { ["PORT"] = "54321", ["FLAG"] = "true" }, ignoreOrder: true);
        (await bench.Backend.Client.Secrets.GetAsync(made["id"]!.ToString())).Get("API_KEY").ShouldBe("hunter2-key");
        var list = await bench.SuccessAsync("kitaru_secrets_list", "{}");
        list.Select(pair => pair.Key).ShouldBe(["result", "total", "next_cursor", "page", "size"]);
        list["result"]!.AsArray().Select(item => item!["name"]!.ToString()).ShouldBe(["Numbers", "openai-creds"]);
        JsonNode.DeepEquals(list["result"]![1], made).ShouldBeTrue();
        KitaruJson.Write(list).ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task List_ComesInPages()
    {
        await using var bench = await McpBench.StartAsync();
        (await bench.SuccessAsync("kitaru_secrets_list", "{}"))["total"]!.GetValue<int>().ShouldBe(0);
        for (var i = 0; i < 5; i++)
            await bench.SuccessAsync("kitaru_secrets_create", $$$"""{"name":"s{{{i}}}","values":{"K":"value"}}""");
        async Task<IEnumerable<string>> PageAsync(int page) =>
            (await bench.SuccessAsync("kitaru_secrets_list", $$"""{"page":{{page}},"size":2}"""))["result"]!.AsArray().Select(item => item!["name"]!.ToString());

        (await PageAsync(1)).ShouldBe(["s0", "s1"]);
        (await PageAsync(3)).ShouldBe(["s4"]);
        (await PageAsync(1_000_000)).ShouldBeEmpty();
    }

    public static TheoryData<string, string, string, string> WrongCreates() => new()
    {
        { """{"name":"a"}""", "KitaruUsageError", "values", "an object" },
        { """{"values":{"K":"hunter2"}}""", "KitaruUsageError", "name", "a string" },
        { """{"name":7,"values":{"K":"hunter2"}}""", "KitaruUsageError", "name", "number" },
        { """{"name":"a","values":"hunter2"}""", "KitaruUsageError", "values", "string (not repeated)" },
        { """{"name":"a","values":"{\"K\":\"hunter2"}""", "KitaruUsageError", "values", "string (not repeated)" },
        { """{"name":"a","values":["hunter2"]}""", "KitaruUsageError", "values", "list of 1" },
        { """{"name":"a","values":4242424242}""", "KitaruUsageError", "values", "number (not repeated)" },
        { """{"name":"a","values":{}}""", "KitaruUsageError", "values", "empty" },
        { """{"name":"a","values":{"K":null,"hunter2":"x"}}""", "KitaruUsageError", "values", "null under key number 1" },
        { """{"name":"a","values":{"K":{"hunter2":"hunter2"}}}""", "KitaruUsageError", "values", "an object under key number 1" },
        { """{"name":"a","values":{"K":["hunter2"]}}""", "KitaruUsageError", "values", "a list under key number 1" },
        { """{"name":"a","values":{"K":"hunter2","K":"hunter2"}}""", "KitaruUsageError", "values", "without repeated keys" },
        { """{"name":"a","values":{"K":""}}""", "KitaruUsageError", "K", "empty" },
        { """{"name":"a","values":{"hunter2-key":"API_KEY"}}""", "KitaruUsageError", "Key number 1", "character 8" },
        { """{"name":"a","values":{"../hunter2":"x"}}""", "KitaruUsageError", "Key number 1", "character 1" },
        { """{"name":" ","values":{"K":"hunter2"}}""", "KitaruUsageError", "name", "blank" },
        { """{"name":"a\nb","values":{"K":"hunter2"}}""", "KitaruUsageError", "name", "one line" },
        { """{"name":"a","values":{"K":"hunter2"},"private":"hunter2"}""", "KitaruUsageError", "private", "true or false" },
        { """{"name":"a","value":"hunter2","values":{"K":"hunter2"}}""", "KitaruUsageError", "value", "values" },
        { """{"name":"a","hunter2hunter2hunter2":"hunter2"}""", "KitaruUsageError", "There is no argument", "values" },
        { """{"name":"taken","values":{"K":"hunter2"}}""", "KitaruRuntimeError", "'taken'", "already" },
    };

    [Theory]
    [MemberData(nameof(WrongCreates))]
    public async Task Create_Wrong_IsRefusedWithoutTheValue(string arguments, string type, string names, string says)
    {
        await using var bench = await McpBench.StartAsync();
        await bench.SuccessAsync("kitaru_secrets_create", """{"name":"taken","values":{"K":"first"}}""");

        var answer = await bench.CallAsync("kitaru_secrets_create", arguments);

        var error = answer.Error();
        error["type"]!.ToString().ShouldBe(type);
        error["message"]!.ToString().ShouldContain(names);
        error["message"]!.ToString().ShouldContain(says);
        error["next_step"]!.ToString().ShouldNotBeEmpty();
        (answer.Text() + KitaruJson.Write(answer.Structured()) + bench.Diagnostics).ShouldNotContain("hunter2");
        (answer.Text() + KitaruJson.Write(answer.Structured())).ShouldNotContain("4242424242");
        (await bench.SuccessAsync("kitaru_secrets_list", "{}"))["total"]!.GetValue<int>().ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"page":0}""", "page", "number 0")]
    [InlineData("""{"page":-1}""", "page", "number -1")]
    [InlineData("""{"page":"1"}""", "page", "string \"1\"")]
    [InlineData("""{"page":1.5}""", "page", "number 1.5")]
    [InlineData("""{"page":1e99}""", "page", "number")]
    [InlineData("""{"size":0}""", "size", "number 0")]
    [InlineData("""{"size":101}""", "size", "number 101")]
    [InlineData("""{"size":[20]}""", "size", "list of 1")]
    [InlineData("""{"name":"openai"}""", "name", "Arguments: page, size")]
    [InlineData("""{"pages":2}""", "pages", "Did you mean 'page'?")]
    [InlineData("""{"show_values":true}""", "show_values", "Arguments: page, size")]
    public async Task List_Wrong_IsRefused(string arguments, string argument, string says)
    {
        await using var bench = await McpBench.StartAsync();

        var error = (await bench.CallAsync("kitaru_secrets_list", arguments)).Error();

        (error["type"]!.ToString(), error["details"]!["argument"]!.ToString()).ShouldBe(("KitaruUsageError", argument));
        error["message"]!.ToString().ShouldContain(says);
        error["next_step"]!.ToString().ShouldContain("kitaru_secrets_list");
    }
}
