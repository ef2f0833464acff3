using System.CommandLine.Parsing;
using Kitaru.Core;

namespace Kitaru.Cli.Commands;

internal enum OutputFormat
{
    Text,
    Json,
}

internal static class OutputFormats
{
    public static string[] Names => ["text", "json"];

    public static OutputFormat Parse(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 0 ? "" : argument.Tokens[^1].Value;
        switch (text.ToLowerInvariant())
        {
            case "text":
                return OutputFormat.Text;
            case "json":
                return OutputFormat.Json;
            default:
                argument.AddError($"--output: expected text or json, got '{Texts.Short(text, 80)}'.{Texts.DidYouMean(text, Names)}");
                return OutputFormat.Text;
        }
    }
}
