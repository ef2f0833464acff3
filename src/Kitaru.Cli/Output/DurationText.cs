using System.Globalization;

namespace Kitaru.Cli.Output;

/// <summary>How long something took, as people say it.</summary>
internal static class DurationText
{
    public static string Of(TimeSpan duration) => duration switch
    {
        _ when duration < TimeSpan.Zero => "0.0s",
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(duration.TotalSeconds * 10) / 10:0.0}s"),
        { TotalHours: < 1 } => $"{duration.Minutes}m {duration.Seconds:00}s",
        { TotalDays: < 1 } => $"{duration.Hours}h {duration.Minutes:00}m",
        _ => $"{(int)duration.TotalDays}d {duration.Hours:00}h",
    };

    /// <summary>From a start to an end, or to now while there is none; null before the start.</summary>
    public static string? Between(DateTimeOffset? start, DateTimeOffset? end, DateTimeOffset now) => start is { } from ? Of((end ?? now) - from) : null;
}
