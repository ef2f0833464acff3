namespace Kitaru.EndToEndTests.Package;

/// <summary>The code in the README does what the README says.</summary>
[Collection(PackageFeed.Name)]
public sealed class ReadmeTests(PackageFeed feed)
{
    [Fact]
    public async Task Flow_OfTheReadme_RunsFromAFileOfItsOwn()
    {
        var folder = Directory.CreateDirectory(Path.Combine(feed.Root, "Readme flow")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "Research.cs"), Code()[0]);
        await using var kitaru = await McpSession.StartAsync(folder, feed.Environment);

        var started = await kitaru.CallAsync("kitaru_executions_run", new()
        {
            ["target"] = "Research.cs:research_agent",
            ["args"] = new Dictionary<string, string> { ["topic"] = "tea" },
            ["wait_seconds"] = 50,
        });
        var id = started.GetProperty("exec_id").GetString();
        started.GetProperty("execution").GetProperty("pending_wait").GetProperty("question").GetString().ShouldBe("Publish 3 notes on tea?");
        await kitaru.CallAsync("kitaru_executions_input", new() { ["exec_id"] = id, ["wait"] = "approve_draft", ["value"] = true });
        var ended = await kitaru.CallAsync("kitaru_executions_get", new() { ["exec_id"] = id, ["wait_seconds"] = 50 });

        ended.GetProperty("result").GetString().ShouldBe("All about tea: history of tea; today of tea; outlook of tea.");
    }

    [Fact]
    public async Task Program_OfTheReadme_RunsWithThePackage()
    {
        var code = Code();
        var folder = await feed.WriteProjectAsync("Readme.Program", "<OutputType>Exe</OutputType>", feed.Reference, "using Kitaru;\n" + code[1]);
        await File.WriteAllTextAsync(Path.Combine(folder, "Research.cs"), code[0]);
        var environment = feed.Environment.Append(new("KITARU_CONFIG_PATH", Path.Combine(folder, "config"))).ToDictionary();

        var output = await new DotnetCommand(folder, environment).SucceedAsync("run");

        output.ShouldContain("All about tea: history of tea");
    }

    /// <summary>The README's C# blocks.</summary>
    private static string[] Code() => [.. File.ReadAllText(Path.Combine(Programs.Repository, "README.md"))
        .Split("```csharp\n").Skip(1)
        .Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)])];
}
