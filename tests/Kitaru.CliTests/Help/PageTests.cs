using System.CommandLine;
using System.Text;
using Kitaru.Cli.Commands;

namespace Kitaru.CliTests.Help;

/// <summary>The table of commands in docs/cli.md is made from the commands. KITARU_UPDATE_SNAPSHOTS=1 renews it.</summary>
public class PageTests
{
    private const string Start = "<!-- commands: renewed by the tests with KITARU_UPDATE_SNAPSHOTS=1 -->\n";
    private const string End = "<!-- /commands -->";

    [Fact]
    public async Task Page_HasEveryCommandAsItIs()
    {
        var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "docs", "cli.md"));
        var text = (await File.ReadAllTextAsync(path)).ReplaceLineEndings("\n");
        var (start, end) = (text.IndexOf(Start, StringComparison.Ordinal) + Start.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("KITARU_UPDATE_SNAPSHOTS") == "1")
            await File.WriteAllTextAsync(path, text[..start] + Table() + text[end..]);
        else
            text[start..end].ShouldBe(Table(), "Renew docs/cli.md with KITARU_UPDATE_SNAPSHOTS=1 and look at the difference.");
    }

    private static string Table()
    {
        var table = new StringBuilder("| command | does | example |\n|---|---|---|\n");
        foreach (var leaf in Commands.Leaves.Where(leaf => !leaf.Hidden))
        {
            var words = leaf.Arguments.Select(argument => argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : argument.Name).Prepend(leaf.Words);
            table.Append($"| `{Escape(string.Join(' ', words))}` | {Escape(leaf.Description!)} | `{Escape(leaf.Example.Split('\n')[^1])}` |\n");
        }
        return table.ToString();
    }

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static string ThisFile([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;
}
