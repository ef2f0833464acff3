namespace Kitaru.UnitTests.Mcp;

public class LogToolTests
{
    [Fact]
    public async Task Logs_Lines_AreTheContractsText()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.QueuedAsync(bench);
        await story.LogAsync(
            Story.Line("fetched 3 rows", checkpoint: "fetch"), Story.Line("odd", "WARNING"), Story.Line("plain", level: null), Story.Line("worker up", source: "runner"));
        (await TextAsync(bench, story, "")).ShouldBe(
            "2026-06-16T08:30:00+00:00 INFO [fetch] fetched 3 rows\n2026-06-16T08:30:00+00:00 WARNING odd\n2026-06-16T08:30:00+00:00 plain");
        (await TextAsync(bench, story, ",\"level\":\"warning\"")).ShouldBe("2026-06-16T08:30:00+00:00 WARNING odd");
        (await TextAsync(bench, story, ",\"checkpoint\":\"fetch\"")).ShouldEndWith("fetched 3 rows");
        (await TextAsync(bench, story, ",\"checkpoint\":\"other\"")).ShouldBe("No log entries found.");
        (await TextAsync(bench, story, ",\"source\":\"Runner\"")).ShouldEndWith("worker up");
        (await TextAsync(bench, story, ",\"source\":\"all\",\"limit\":1")).ShouldEndWith("worker up");
        (await bench.CallAsync("get_execution_logs", $$"""{"exec_id":"{{story.Id}}","source":"runner","checkpoint":"fetch"}""")).Error()["type"]!
            .ToString().ShouldBe("KitaruUsageError");
    }

    [Fact]
    public async Task Logs_TooMuchText_KeepsTheNewestAndSaysSo()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.QueuedAsync(bench);
        await story.LogAsync([.. Enumerable.Range(0, 150).Select(number => Story.Line($"{number} {new string('x', 1000)}"))]);
        var text = await TextAsync(bench, story, "");
        text.Length.ShouldBeLessThan(61_000);
        text.ShouldStartWith("[");
        text.ShouldContain("older lines left out");
        text.ShouldContain(" 149 xxx");
    }

    [Fact]
    public async Task Logs_WhatATerminalWouldActOn_IsShownInstead()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.QueuedAsync(bench);
        await story.LogAsync(Story.Line("\u001b[2Jcleared \u202etxt.exe \U000E0041 naïve 日本 😀"));

        var result = await bench.CallAsync("get_execution_logs", $$"""{"exec_id":"{{story.Id}}"}""");

        result.Text().ShouldEndWith("""INFO \u001b[2Jcleared \u202etxt.exe \udb40\udc41 naïve 日本 😀""");
        result.Structured()["result"]!.ToString().ShouldEndWith("\U000E0041 naïve 日本 😀");
    }

    [Fact]
    public async Task Results_WithMarksThatTurnText_AreTheSameJson()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.QueuedAsync(bench, tags: "a\u202eb");

        var result = await bench.CallAsync("kitaru_executions_get", $$"""{"exec_id":"{{story.Id}}"}""");

        result.Text().ShouldContain("""a\u202eb""");
        TextBlock.ShouldSay(System.Text.Json.Nodes.JsonNode.Parse(result.Text()), result.Structured());
    }

    private static async Task<string> TextAsync(McpBench bench, Story story, string more)
    {
        var arguments = $$"""{"exec_id":"{{story.Id}}"{{more}}}""";
        var structured = await bench.SuccessAsync("get_execution_logs", arguments);
        var text = (await bench.CallAsync("get_execution_logs", arguments)).Text();
        structured["result"]!.ToString().ShouldBe(text);
        return text;
    }
}
