using System.Diagnostics;
using System.Text.Json.Nodes;
using Kitaru.CliTests.Runs;

namespace Kitaru.CliTests;

/// <summary>Speaks to <c>kitaru mcp start</c> as an assistant does.</summary>
internal static class McpCalls
{
    /// <summary>The structured answer of a tool.</summary>
    public static async Task<JsonObject> CallAsync(CliWorld world, string tool)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = world.WorkingDirectory };
        foreach (var argument in (string[])["exec", Path.Combine(FlowWorld.Program, "Kitaru.Cli.dll"), "mcp", "start"])
            start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("KITARU_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in world.Variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var talk = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteLineAsync("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""");
        _ = await AnswerAsync(process, 1);
        await process.StandardInput.WriteLineAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        await process.StandardInput.WriteLineAsync(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 2, ["method"] = "tools/call", ["params"] = new JsonObject { ["name"] = tool } }.ToJsonString());
        var answer = await AnswerAsync(process, 2);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await talk);
        return answer["result"]!["structuredContent"]!.AsObject();
    }

    private static async Task<JsonObject> AnswerAsync(Process process, int id)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (JsonNode.Parse(line) is JsonObject message && message["id"]?.GetValue<int>() == id)
                return message;
        }
        throw new InvalidOperationException("kitaru mcp start ended before it answered.");
    }
}
