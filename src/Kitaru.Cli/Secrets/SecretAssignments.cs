using Kitaru.Cli.Commands;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.Cli.Secrets;

/// <summary>The values of <c>kitaru secrets set</c>: <c>--KEY=value</c> or <c>--KEY value</c>. No message repeats a value.</summary>
internal static class SecretAssignments
{
    private const int BytesMax = 1024 * 1024;
    private const string Example = "Write for example: kitaru secrets set openai --API_KEY=- and pipe the value in.";

    /// <exception cref="KitaruUsageException">They are not of this form.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(CommandCall call, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var tokens = call.FreeTokens.Where(token => token != "--").ToList();
        var usesInput = false;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (!tokens[i].StartsWith("--", StringComparison.Ordinal))
                throw new KitaruUsageException($"Value {values.Count + 1} has no key: a value is written as --KEY=value.", Example);
            var (key, given) = tokens[i].IndexOf('=') is > 0 and var at ? (tokens[i][2..at], tokens[i][(at + 1)..]) : (tokens[i][2..], null);
            if (given is null && i + 1 < tokens.Count && !tokens[i + 1].StartsWith("--", StringComparison.Ordinal))
                given = tokens[++i];
            if (string.IsNullOrEmpty(given))
                throw new KitaruUsageException($"--{Texts.Short(key, 80)} has no value.", Example);
            if (given == "-" && usesInput)
                throw new KitaruUsageException($"--{Texts.Short(key, 80)}: standard input was read for another key already.", "Read one value from standard input, and the others from files: --KEY=@file.");
            usesInput |= given == "-";
            if (!values.TryAdd(key, await ValueAsync(call, key, given, cancellationToken)))
                throw new KitaruUsageException($"--{Texts.Short(key, 80)} is given twice.", "Give each key once.");
        }
        return values.Count > 0 ? values : throw new KitaruUsageException("No value is given.", Example);
    }

    private static async Task<string> ValueAsync(CommandCall call, string key, string given, CancellationToken cancellationToken)
    {
        var value = given switch
        {
            "-" => await InputAsync(call, key, cancellationToken),
            ['@', '@', ..] => given[1..],
            ['@', ..] => FileText(call.Host.FullPath(given[1..]), key),
            _ => given,
        };
        return value.Length > 0 ? value : throw new KitaruUsageException($"--{Texts.Short(key, 80)}: there is nothing in {(given == "-" ? "standard input" : given[1..])}.", Example);
    }

    /// <summary>One line break at the end is the shell's, not the value's.</summary>
    private static string WithoutLastBreak(string text) => text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;

    private static async Task<string> InputAsync(CommandCall call, string key, CancellationToken cancellationToken)
    {
        if (call.CanAsk)
            return await Ask.HiddenAsync(call, $"{key}: ", cancellationToken) ?? "";
        var buffer = new char[BytesMax + 1];
        var length = await call.Host.Input.ReadBlockAsync(buffer, cancellationToken);
        return length <= BytesMax ? WithoutLastBreak(new string(buffer, 0, length)) : throw new KitaruUsageException($"--{Texts.Short(key, 80)}: standard input has more than {BytesMax} characters.", Example);
    }

    private static string FileText(string path, string key)
    {
        try
        {
            return WithoutLastBreak(SmallFile.ReadText(path, BytesMax));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new KitaruUsageException($"--{Texts.Short(key, 80)}: '{Texts.Short(path)}' cannot be read: {fault.Message}", "Name a readable file; a value that begins with @ is written @@.");
        }
    }
}
