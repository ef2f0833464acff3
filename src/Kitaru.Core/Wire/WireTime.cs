using System.Globalization;

namespace Kitaru.Core.Wire;

/// <summary>Timestamps on the wire: ISO-8601, UTC, <c>+00:00</c>, microseconds only when they are not zero.</summary>
public static class WireTime
{
    /// <summary>The text of a moment.</summary>
    public static string Text(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        var format = utc.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond == 0 ? "yyyy-MM-ddTHH:mm:ss" : "yyyy-MM-ddTHH:mm:ss.ffffff";
        return utc.ToString(format, CultureInfo.InvariantCulture) + "+00:00";
    }

    /// <summary>The text of a moment, or null.</summary>
    public static string? Text(DateTimeOffset? time) => time is { } known ? Text(known) : null;
}
