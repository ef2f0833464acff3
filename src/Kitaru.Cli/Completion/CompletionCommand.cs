using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;

namespace Kitaru.Cli.Completion;

/// <summary>kitaru completion bash, zsh, fish and pwsh.</summary>
internal static class CompletionCommand
{
    public static LeafCommand Create(string shell) => new(
        $"completion.{shell}", $"Prints the script that completes kitaru's words in {shell}.", CompletionScripts.Example(shell), (_, _) =>
        {
            var script = CompletionScripts.Of(shell);
            return Task.FromResult(Answer.Item(new JsonObject { ["shell"] = shell, ["script"] = script }, new PlainText(script.TrimEnd('\n'))));
        });
}
