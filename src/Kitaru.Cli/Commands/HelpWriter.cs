using System.CommandLine;

namespace Kitaru.Cli.Commands;

/// <summary>Help of a command: what it does, how it is called, an example.</summary>
internal static class HelpWriter
{
    private const int LabelMax = 34;

    public static void Write(Command command, TextWriter output, int width)
    {
        foreach (var line in Fold(command.Description ?? "", width))
            output.WriteLine(line);
        output.WriteLine();
        output.WriteLine("Usage:");
        output.WriteLine($"  {UsageOf(command)}");
        Section(output, width, "Arguments", command.Arguments.Where(argument => !argument.Hidden).Select(argument => (argument.Name, argument.Description ?? "")));
        Section(output, width, "Commands", command.Subcommands.Where(sub => !sub.Hidden).Select(sub => (sub.Name, sub.Description ?? "")));
        var own = command.Options.Where(option => !option.Hidden && option.Name != "--help");
        Section(output, width, "Options", own.Where(option => option.Name != "--output").Concat(own.Where(option => option.Name == "--output")).Select(Row).Append(("-h, --help", "Shows help.")));
        if (command is LeafCommand leaf)
        {
            output.WriteLine();
            output.WriteLine("Example:");
            foreach (var line in leaf.Example.Split('\n'))
                output.WriteLine($"  {line}");
        }
        else
        {
            output.WriteLine();
            output.WriteLine($"{CommandPath.Words(command)} <command> --help shows a command.");
        }
    }

    private static string UsageOf(Command command)
    {
        var parts = new List<string> { CommandPath.Words(command) };
        if (command.Subcommands.Count > 0)
            parts.Add("<command>");
        parts.AddRange(command.Arguments.Where(argument => !argument.Hidden).Select(argument =>
        {
            var name = argument.Arity.MaximumNumberOfValues > 1 ? argument.Name + "..." : argument.Name;
            return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
        }));
        parts.AddRange(command.Options.Where(option => option.Required).Select(option => $"{option.Name} {ValueOf(option)}"));
        parts.Add("[options]");
        return string.Join(' ', parts);
    }

    private static (string, string) Row(Option option)
    {
        var names = string.Join(", ", option.Aliases.Append(option.Name).Distinct().Order(Comparer<string>.Create((left, right) => left.Length - right.Length)));
        var label = ValueOf(option) is { Length: > 0 } value ? $"{names} {value}" : names;
        var more = option.Required ? " Required." : option.HasDefaultValue && Default(option) is { } preset ? $" Default: {preset}." : "";
        return (label, $"{option.Description}{(option.Arity.MaximumNumberOfValues > 1 ? " May be repeated." : "")}{more}");
    }

    private static string? Default(Option option) => option.GetDefaultValue() switch
    {
        null or false or Array or OutputFormat => null,
        var value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture),
    };

    private static string ValueOf(Option option) => option.ValueType == typeof(bool) ? "" : option.HelpName ?? "VALUE";

    private static void Section(TextWriter output, int width, string title, IEnumerable<(string Label, string Text)> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
            return;
        output.WriteLine();
        output.WriteLine($"{title}:");
        var column = Math.Min(LabelMax, all.Max(row => row.Label.Length)) + 4;
        foreach (var (label, text) in all)
        {
            var lines = Fold(text, Math.Max(20, width - column)).ToList();
            if (label.Length + 4 > column)
            {
                output.WriteLine($"  {label}");
                lines.Insert(0, "");
            }
            else
            {
                output.WriteLine($"  {label.PadRight(column - 2)}{lines.FirstOrDefault()}".TrimEnd());
            }
            foreach (var line in lines.Skip(1))
                output.WriteLine($"{new string(' ', column)}{line}");
        }
    }

    private static IEnumerable<string> Fold(string text, int width)
    {
        while (text.Length > width && text.LastIndexOf(' ', width) is > 0 and var space)
        {
            yield return text[..space];
            text = text[(space + 1)..];
        }
        yield return text;
    }
}
