using System.CommandLine;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;

namespace Kitaru.Cli.Completion;

/// <summary>kitaru complete, which shells call: the words that can stand where the last one is being typed, one a line.</summary>
internal static class CompleteCommand
{
    public static LeafCommand Create()
    {
        var words = new Argument<string[]>("WORDS") { Description = "What was typed so far; the last word is being typed.", Arity = ArgumentArity.ZeroOrMore };
        var command = new LeafCommand("complete", "Says what can be typed next.", "kitaru complete -- secrets sh", async (call, cancellationToken) =>
        {
            var typed = call.Get(words) ?? [];
            var found = await new Suggestions(call).FindAsync(typed.Length == 0 ? [""] : typed, cancellationToken);
            await call.Host.Output.WriteAsync(string.Concat(found.Select(word => Clean.Line(word) + "\n")));
            return Answer.Written();
        })
        {
            words,
        };
        command.Hidden = true;
        return command;
    }
}
