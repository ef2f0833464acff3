namespace Kitaru.Cli.Output;

/// <summary>How many columns a text takes on a terminal. Wide characters take two; what is not known is counted rather too wide.</summary>
internal static class TextWidth
{
    public static int Of(string text) => text.Sum(Of);

    /// <summary>As much of it as there is room for, with an ellipsis when something is left out.</summary>
    public static string Cut(string text, int room)
    {
        if (Of(text) <= room)
            return text;
        var (kept, width) = (0, 0);
        while (kept < text.Length && width + Of(text[kept]) < room)
            width += Of(text[kept++]);
        if (kept > 0 && char.IsHighSurrogate(text[kept - 1]))
            kept--;
        return room > 0 ? text[..kept] + "…" : "";
    }

    // Half of a pair is one column: the pairs that are common in texts, pictures, are two wide.
    private static int Of(char character) => character switch
    {
        >= '\u0300' and <= '\u036f' or '\u200d' or '\ufe0f' => 0,
        >= '\u1100' and <= '\u115f' or >= '\u2e80' and <= '\ua4cf' or >= '\uac00' and <= '\ud7a3' or >= '\uf900' and <= '\ufaff'
            or >= '\ufe30' and <= '\ufe6f' or >= '\uff00' and <= '\uff60' or >= '\uffe0' and <= '\uffe6' => 2,
        _ => 1,
    };
}
