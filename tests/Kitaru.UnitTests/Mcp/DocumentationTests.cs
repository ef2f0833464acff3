using Kitaru.Mcp.Tools;

namespace Kitaru.UnitTests.Mcp;

public class DocumentationTests
{
    [Fact]
    public void Page_ToolTable_NamesEveryToolAndArgument()
    {
        var rows = File.ReadAllLines(Path.Combine(Root(), "docs", "mcp.md"));
        foreach (var tool in new ToolRegistry().Tools)
        {
            var row = rows.SingleOrDefault(line => line.StartsWith($"| `{tool.Name}`", StringComparison.Ordinal)).ShouldNotBeNull(tool.Name);
            // One paragraph says it of all tools that take it.
            foreach (var argument in tool.Arguments.Where(argument => argument.Name != "idempotency_key"))
            {
                var preset = argument.Schema["default"] is { } value ? $"={(value.GetValueKind() == System.Text.Json.JsonValueKind.String ? $"`{value}`" : value)}" : "";
                row.ShouldContain($"`{argument.Name}`{preset}");
            }
        }
    }

    [Fact]
    public void Page_SituationTable_NamesEverySituation()
    {
        var rows = File.ReadAllLines(Path.Combine(Root(), "docs", "mcp.md"));
        Kitaru.Core.Wire.ExplanationJson.Situations.ShouldAllBe(word => rows.Any(line => line.StartsWith($"| `{word}` |", StringComparison.Ordinal)));
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Kitaru.slnx")))
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar)) ?? throw new InvalidOperationException("The repository's root is not above the tests.");
        return folder;
    }
}
