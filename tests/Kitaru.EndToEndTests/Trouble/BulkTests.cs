using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Trouble;

/// <summary>Much of it: values, lines, foreign output. Answers stay small and standard output stays clean.</summary>
public sealed class BulkTests : EndToEndTest
{
    private const int AnswerBytesMax = 600_000;

    [Fact]
    public async Task FiftyMegabytes_AreReadInRanges()
    {
        var server = await StartServerAsync();

        var execution = (await server.RunToEndAsync($"{Home.AddFlow("Trouble.cs")}:big", new { megabytes = 50 })).ShouldHaveEnded("completed");

        var id = execution.Data["exec_id"]!.ToString();
        var artifacts = (await server.CallAsync("kitaru_artifacts_list", new { exec_id = id })).ShouldBeFine().Data["result"]!.AsArray();
        ((long)artifacts.ShouldHaveSingleItem()!["size_bytes"]!).ShouldBeGreaterThanOrEqualTo(50L << 20);
        foreach (var artifact in (string[])[artifacts[0]!["artifact_id"]!.ToString(), $"{id}:result"])
        {
            var first = (await server.CallAsync("kitaru_artifacts_get", new { artifact_id = artifact })).ShouldBeFine().Data;
            ((bool)first["truncated"]!).ShouldBeTrue();
            var next = (long)first["next_offset"]!;
            next.ShouldBeInRange(1, 200_000);
            var last = (await server.CallAsync("kitaru_artifacts_get", new { artifact_id = artifact, offset = (50L << 20) - 100, max_bytes = 200_000 })).ShouldBeFine().Data;
            last["next_offset"].ShouldBeNull();
        }
        server.Wire.Longest.ShouldBeLessThan(AnswerBytesMax);
    }

    [Fact]
    public async Task HundredThousandLines_AreAllStored_AndTheTailIsRight()
    {
        const int lines = 100_000; // also the most that one read returns
        var server = await StartServerAsync();

        var execution = (await server.RunToEndAsync($"{Home.AddFlow("Trouble.cs")}:chatter", new { lines })).ShouldHaveEnded("completed");

        var id = execution.Data["exec_id"]!.ToString();
        var tail = (await server.LogsAsync(id, limit: 100)).Split('\n');
        tail.Select(line => line[line.IndexOf("line ", StringComparison.Ordinal)..]).ShouldBe(Enumerable.Range(lines - 100, 100).Select(i => $"line {i}"));
        await using var kitaru = KitaruClient.Connect(new KitaruClientOptions { ConfigPath = Home.Config });
        var stored = await kitaru.Executions.LogsAsync(new Core.LogQuery { ExecutionId = ExecutionId.Parse(id), Source = "step", Limit = lines });
        stored.Select(line => line.Message).ShouldBe(Enumerable.Range(0, lines).Select(i => $"line {i}"));
        server.Wire.Longest.ShouldBeLessThan(AnswerBytesMax);
    }

    [Fact]
    public async Task ChildProcessAndEmptyInput_NeverTouchTheProtocol()
    {
        var server = await StartServerAsync();

        var execution = (await server.RunToEndAsync($"{Home.AddFlow("Trouble.cs")}:child_prints")).ShouldHaveEnded("completed");

        var id = execution.Data["exec_id"]!.ToString();
        (await server.LogsAsync(id)).ShouldContain("ERROR [start_child] the child has ended");
        // What the child wrote to the worker's own output is in the log as well.
        await Until.ValueAsync(async () => (await server.LogsAsync(id, source: "all")).Contains(" 10.", StringComparison.Ordinal) ? true : (bool?)null, "the child's line is logged");
        // Clean standard output is checked when the server is closed.
    }
}
