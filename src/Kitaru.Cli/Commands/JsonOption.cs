using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.Cli.Commands;

/// <summary>An option whose value is JSON, or with <c>@</c> the name of a file that holds it.</summary>
internal static class JsonOption
{
    public static Option<string?> Create(string name, string description) => CommonOptions.Text(name, "JSON|@FILE", description);

    /// <summary>A JSON object; null when the option was not given.</summary>
    /// <exception cref="KitaruUsageException">It is no object.</exception>
    public static JsonObject? ObjectOf(CommandCall call, Option<string?> option)
    {
        if (call.Get(option) is null)
            return null;
        var value = ValueOf(call, option);
        return value as JsonObject ?? throw new KitaruUsageException(
            $"{option.Name}: expected a JSON object, got {Kind(value)}.", $"Write for example {option.Name} '{{\"topic\": \"tea\"}}', or {option.Name} @inputs.json.");
    }

    /// <summary>Any JSON value; a null node when the option was not given.</summary>
    /// <exception cref="KitaruUsageException">It is no JSON, or the file cannot be read.</exception>
    public static JsonNode? ValueOf(CommandCall call, Option<string?> option)
    {
        if (TextOf(call, option) is not { } text)
            return null;
        try
        {
            return KitaruJson.Parse(text);
        }
        catch (JsonException fault)
        {
            throw new KitaruUsageException(
                $"{option.Name}: not JSON at line {(fault.LineNumber ?? 0) + 1}, column {(fault.BytePositionInLine ?? 0) + 1}: {Texts.Short(Reason(fault.Message), 300)}",
                $"Texts need double quotes, as in {option.Name} '\"tea\"'; {option.Name} @FILE reads a file.");
        }
    }

    /// <summary>The option's text, read from the file when it names one.</summary>
    public static string? TextOf(CommandCall call, Option<string?> option)
    {
        if (call.Get(option) is not { } text || !text.StartsWith('@'))
            return call.Get(option);
        var path = call.Host.FullPath(text[1..]);
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new KitaruUsageException($"{option.Name}: the file '{Texts.Short(path)}' cannot be read: {fault.Message}", $"Name a file that is there, or write the value after {option.Name} itself.");
        }
    }

    private static string Kind(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };

    /// <summary>Without the position, which is said already.</summary>
    private static string Reason(string message) => message.IndexOf(" LineNumber:", StringComparison.Ordinal) is > 0 and var at ? message[..at] : message;
}
