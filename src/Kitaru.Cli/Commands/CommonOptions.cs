using System.CommandLine;

namespace Kitaru.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    public static Option<bool> Flag(string name, string description, params string[] aliases) => new(name, aliases) { Description = description };

    public static Option<string?> Text(string name, string valueName, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = valueName };

    /// <summary>One that may be given several times.</summary>
    public static Option<string[]> Texts(string name, string valueName, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = valueName, Arity = ArgumentArity.OneOrMore, DefaultValueFactory = _ => [] };

    /// <summary>A whole number within limits.</summary>
    public static Option<int?> Number(string name, string description, int min, int max = int.MaxValue, int? preset = null, params string[] aliases)
    {
        var option = new Option<int?>(name, aliases) { Description = description, HelpName = "N" };
        if (preset is { } value)
            option.DefaultValueFactory = _ => value;
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[^1].Value, out var number) && (number < min || number > max))
                result.AddError($"{name}: expected a whole number {(max == int.MaxValue ? $"of at least {min}" : $"from {min} to {max}")}, got {number}.");
        });
        return option;
    }

    public static Option<bool> Yes() => Flag("--yes", "Do not ask.", "-y");

    public static Argument<string> Argument(string name, string description) => new(name) { Description = description };

    public static Argument<string?> OptionalArgument(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };
}
