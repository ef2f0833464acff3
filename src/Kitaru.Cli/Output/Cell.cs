namespace Kitaru.Cli.Output;

/// <summary>One value as people see it.</summary>
/// <param name="Text">Its words.</param>
/// <param name="Tone">Its colour.</param>
internal sealed record Cell(string Text, Tone Tone = Tone.Plain)
{
    /// <summary>A moment: said from now on a terminal, in full elsewhere.</summary>
    public DateTimeOffset? Moment { get; private init; }

    /// <summary>Whether it is a moment, known or not.</summary>
    public bool IsTime { get; private init; }

    /// <summary>Never cut off when a table is too wide, because it is what other commands take.</summary>
    public bool IsWhole { get; private init; }

    public static implicit operator Cell(string? text) => new(text ?? "-");

    /// <summary>An id.</summary>
    public static Cell Id(object id) => new(id.ToString()!) { IsWhole = true };

    public static Cell Time(DateTimeOffset? moment) => new("-") { Moment = moment, IsTime = true };

    /// <summary>An execution's or another thing's status: its word, in its colour.</summary>
    public static Cell Status(string word) => new(word, word switch
    {
        "completed" or "active" => Tone.Good,
        "failed" or "inactive" => Tone.Bad,
        "running" => Tone.Busy,
        "waiting" => Tone.Asking,
        "cancelled" => Tone.Muted,
        _ => Tone.Plain,
    });
}
