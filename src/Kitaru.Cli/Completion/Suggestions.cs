using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using Kitaru.Cli.Commands;

namespace Kitaru.Cli.Completion;

/// <summary>What can be typed next: commands, options, words of an option, and names and ids from the store.</summary>
internal sealed class Suggestions(CommandCall call)
{
    public async Task<IReadOnlyList<string>> FindAsync(IReadOnlyList<string> typed, CancellationToken cancellationToken)
    {
        var (before, word) = (typed.Take(typed.Count - 1).ToList(), typed[^1]);
        var tree = CommandTree.Create();
        var parsed = CommandLineParser.Parse(tree, before, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var command = parsed.CommandResult.Command;
        IEnumerable<string> found;
        if (before.Count > 0 && OptionOf(command, before[^1]) is { } open && open.ValueType != typeof(bool))
            found = [.. WordsOf(open.CompletionSources), .. await StoredWords.OfOptionAsync(call, open.Name, cancellationToken)];
        else if (word.StartsWith('-'))
            found = Options(command).Where(option => !option.Hidden).Select(option => option.Name);
        else if (command.Subcommands.Count > 0)
            found = command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name);
        else if (NextArgument(parsed, command) is { } argument)
            found = [.. WordsOf(argument.CompletionSources), .. await StoredWords.OfArgumentAsync(call, CommandPath.Of(command), argument.Name, cancellationToken)];
        else
            found = [];
        return [.. found.Where(text => text.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Distinct()];
    }

    private static Option? OptionOf(Command command, string word) => Options(command).FirstOrDefault(option => option.Name == word || option.Aliases.Contains(word));

    private static IEnumerable<Option> Options(Command command) => command.Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive)));

    private static Argument? NextArgument(ParseResult parsed, Command command)
    {
        var filled = parsed.CommandResult.Children.OfType<ArgumentResult>().Where(result => result.Tokens.Count > 0).Select(result => result.Argument).ToHashSet();
        return command.Arguments.FirstOrDefault(argument => !filled.Contains(argument) || argument.Arity.MaximumNumberOfValues > 1);
    }

    private static IEnumerable<string> WordsOf(IEnumerable<Func<CompletionContext, IEnumerable<CompletionItem>>> sources) =>
        sources.SelectMany(source => source(CompletionContext.Empty)).Select(item => item.Label);
}
