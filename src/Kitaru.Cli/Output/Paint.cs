namespace Kitaru.Cli.Output;

/// <summary>What a text is to look like; its words say the same without.</summary>
internal enum Tone
{
    Plain,
    Strong,
    Muted,
    Good,
    Bad,
    Busy,
    Asking,
}

/// <summary>Colours of a terminal, or none.</summary>
internal readonly record struct Paint(bool HasColor)
{
    public string Of(string text, Tone tone) => !HasColor || tone == Tone.Plain || text.Length == 0 ? text : $"\u001b[{Code(tone)}m{text}\u001b[0m";

    private static string Code(Tone tone) => tone switch
    {
        Tone.Strong => "1",
        Tone.Muted => "2",
        Tone.Good => "32",
        Tone.Bad => "31",
        Tone.Busy => "36",
        _ => "33",
    };
}
