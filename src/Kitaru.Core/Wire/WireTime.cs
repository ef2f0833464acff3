using System.Globalization;

namespace Kitaru.Core.Wire;

/// <summary>Timestamps on the wire: ISO-8601, UTC, <c>+00:00</c>, microseconds only when they are not zero.</summary>
public static class WireTime
{
    /// <summary>How many characters it is at most.</summary>
    internal const int CharsMax = 48;

    private const int WholeSeconds = 19;
    private const int Microseconds = 26;

    /// <summary>The text of a moment.</summary>
    public static string Text(DateTimeOffset time)
    {
        Span<char> text = stackalloc char[CharsMax];
        return new string(text[..Write(time, text)]);
    }

    /// <summary>Writes the text of a moment; how long it is.</summary>
    internal static int Write(DateTimeOffset time, Span<char> text)
    {
        // Of all formats the one that is quickest to write; all others begin like it.
        time.UtcDateTime.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        var length = time.UtcTicks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond == 0 ? WholeSeconds : Microseconds;
        "+00:00".CopyTo(text[length..]);
        return length + "+00:00".Length;
    }

    /// <summary>The text of a moment, or null.</summary>
    public static string? Text(DateTimeOffset? time) => time is { } known ? Text(known) : null;
}
