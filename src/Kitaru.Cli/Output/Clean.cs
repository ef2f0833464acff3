namespace Kitaru.Cli.Output;

/// <summary>Text from a store or a flow, safe for a terminal: no control characters, so no escape sequences.</summary>
internal static class Clean
{
    /// <summary>On one line.</summary>
    public static string Line(string text) => text.AsSpan().IndexOfAny(Controls) < 0 && !text.Any(char.IsControl) ? text : string.Concat(text.Select(character =>
        character is '\n' or '\r' or '\t' ? ' ' : char.IsControl(character) ? '?' : character));

    /// <summary>Line breaks and tabs stay.</summary>
    public static string Lines(string text) => string.Concat(text.ReplaceLineEndings("\n").Select(character => char.IsControl(character) && character is not ('\n' or '\t') ? '?' : character));

    private static System.Buffers.SearchValues<char> Controls { get; } = System.Buffers.SearchValues.Create("\0\a\b\t\n\v\f\r\u001b");
}
