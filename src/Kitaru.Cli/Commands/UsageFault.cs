using System.CommandLine;
using System.CommandLine.Parsing;
using Kitaru.Core;

namespace Kitaru.Cli.Commands;

/// <summary>What is wrong with a command line, and the nearest that would be right.</summary>
internal sealed record UsageFault(string Message, string NextStep)
{
    /// <summary>The first thing that is wrong, or null.</summary>
    public static UsageFault? Find(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var message = UnknownOption(parsed, command) ?? Unmatched(parsed, command) ?? parsed.Errors.Select(error => Of(error, command)).FirstOrDefault();
        return message is null ? null : new UsageFault(message, $"See {CommandPath.Words(command)} --help.");
    }

    /// <summary>The parser takes an option it does not know for an argument, wherever one is missing.</summary>
    private static string? UnknownOption(ParseResult parsed, Command command)
    {
        if (!command.TreatUnmatchedTokensAsErrors)
            return null;
        var escaped = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Select(token => token.Value).ToHashSet();
        var taken = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value);
        var unknown = taken.Concat(parsed.UnmatchedTokens).FirstOrDefault(text => IsOption(text) && !escaped.Contains(text));
        if (unknown is null)
            return null;
        var name = unknown.Split('=')[0];
        var known = command.Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive)))
            .Where(option => !option.Hidden).SelectMany(option => option.Aliases.Prepend(option.Name)).Append("--help");
        return $"{CommandPath.Words(command)} has no option '{Texts.Short(name, 80)}'.{Texts.DidYouMean(name, known)}";
    }

    private static string? Unmatched(ParseResult parsed, Command command)
    {
        if (!command.TreatUnmatchedTokensAsErrors || parsed.UnmatchedTokens.Count == 0)
            return null;
        var text = parsed.UnmatchedTokens[0];
        if (command is LeafCommand)
            return $"{CommandPath.Words(command)} takes no more arguments, got '{Texts.Short(text, 80)}'.";
        var known = command.Subcommands.Where(sub => !sub.Hidden).SelectMany(sub => sub.Aliases.Prepend(sub.Name)).ToList();
        return $"{CommandPath.Words(command)} has no command '{Texts.Short(text, 80)}'.{Texts.DidYouMean(text, known)}";
    }

    private static string Of(ParseError error, Command command) => error.SymbolResult switch
    {
        ArgumentResult { Tokens.Count: 0, Argument: var argument, Parent: CommandResult } => $"{CommandPath.Words(command)}: {argument.Name} is missing: {argument.Description}",
        ArgumentResult { Argument: var argument, Parent: CommandResult } result when WrongType(argument.ValueType, result.Tokens) is { } words => $"{argument.Name}: {words}",
        OptionResult { Tokens.Count: 0, Option.Required: true, Option: var option } when error.Message.Contains("is required", StringComparison.Ordinal) =>
            $"{CommandPath.Words(command)}: {option.Name} is missing: {option.Description}",
        OptionResult { Tokens.Count: 0, Option: var option } => $"{option.Name} needs a value{(option.HelpName is { } name ? $": {option.Name} {name}" : "")}.",
        OptionResult { Option: var option } result when WrongType(option.ValueType, result.Tokens) is { } words => $"{option.Name}: {words}",
        ArgumentResult { Parent: OptionResult { Option: var option } } result when WrongType(option.ValueType, result.Tokens) is { } words => $"{option.Name}: {words}",
        _ => error.Message,
    };

    private static string? WrongType(Type type, IReadOnlyList<Token> tokens)
    {
        var expected = (Nullable.GetUnderlyingType(type) ?? type) switch
        {
            var number when number == typeof(int) || number == typeof(long) => "a whole number",
            var number when number == typeof(double) => "a number",
            var flag when flag == typeof(bool) => "true or false",
            _ => null,
        };
        var text = tokens.Count == 0 ? null : tokens[^1].Value;
        if (expected is null || text is null || (expected == "a whole number" && int.TryParse(text, out _)) || (expected == "a number" && double.TryParse(text, out _)))
            return null;
        return $"expected {expected}, got '{Texts.Short(text, 80)}'.";
    }

    private static bool IsOption(string text) => text.Length > 1 && text[0] == '-' && !char.IsAsciiDigit(text[1]) && text[1] != '.';
}
