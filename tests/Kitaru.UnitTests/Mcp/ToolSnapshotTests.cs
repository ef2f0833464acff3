using System.Text;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;
using ModelContextProtocol.Protocol;

namespace Kitaru.UnitTests.Mcp;

/// <summary>
/// What clients are told of each tool is checked in, one file per tool, so that every change of a name, a description, an annotation or a schema is seen. KITARU_UPDATE_SNAPSHOTS=1 renews them.
/// </summary>
public class ToolSnapshotTests
{
    private static readonly string Folder = Path.Combine(Repository.Checkout.Root, "tests", "Kitaru.UnitTests", "Mcp", "Tools");

    /// <summary>A list is asked for by every client at its start; what results look like is the larger part of it.</summary>
    private const int ListBytesMax = 170_000;

    [Fact]
    public async Task ListTools_EveryTool_IsAsItsSnapshot()
    {
        await using var bench = await McpBench.StartAsync();
        var list = await bench.Client.SendRequestAsync(new JsonRpcRequest { Method = RequestMethods.ToolsList });
        var present = list.Result!["tools"]!.AsArray().ToDictionary(tool => tool!["name"]!.ToString(), tool => tool!.ToJsonString(KitaruJson.Indented).ReplaceLineEndings("\n") + "\n");
        if (Environment.GetEnvironmentVariable("KITARU_UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Folder);
            foreach (var stale in Directory.EnumerateFiles(Folder).Where(file => !present.ContainsKey(Path.GetFileNameWithoutExtension(file))).ToList())
                File.Delete(stale);
            foreach (var (name, text) in present)
                await File.WriteAllTextAsync(Path.Combine(Folder, name + ".json"), text);
        }
        Directory.EnumerateFiles(Folder).Select(file => Path.GetFileNameWithoutExtension(file)!).ShouldBe(present.Keys, ignoreOrder: true);
        foreach (var (name, text) in present)
            (await File.ReadAllTextAsync(Path.Combine(Folder, name + ".json"))).ReplaceLineEndings("\n").ShouldBe(text, $"{name}: renew it with KITARU_UPDATE_SNAPSHOTS=1 and look at the difference.");
    }

    [Fact]
    public async Task ListTools_WithResults_StaysSmall()
    {
        await using var bench = await McpBench.StartAsync();
        var list = await bench.Client.SendRequestAsync(new JsonRpcRequest { Method = RequestMethods.ToolsList });
        KitaruJson.WriteBytes(list.Result!["tools"]).Length.ShouldBeLessThan(ListBytesMax);
    }

    [Fact]
    public async Task ListTools_OutputSchemas_DefineNothingThatIsNotUsed()
    {
        await using var bench = await McpBench.StartAsync();
        foreach (var tool in (await bench.Client.ListToolsAsync()).Select(tool => tool.ProtocolTool))
        {
            var schema = JsonObject.Create(tool.OutputSchema!.Value)!;
            var text = Encoding.UTF8.GetString(KitaruJson.WriteBytes(schema));
            foreach (var (name, _) in schema["$defs"]?.AsObject() ?? [])
                text.ShouldContain($"\"#/$defs/{name}\"", customMessage: $"{tool.Name}: {name}");
        }
    }
}
