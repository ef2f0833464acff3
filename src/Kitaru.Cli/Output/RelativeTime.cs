namespace Kitaru.Cli.Output;

/// <summary>A moment as people say it.</summary>
internal static class RelativeTime
{
    public static string Of(DateTimeOffset moment, DateTimeOffset now)
    {
        var distance = (now - moment).Duration();
        var words = distance switch
        {
            { TotalSeconds: < 1 } => "now",
            { TotalMinutes: < 1 } => Count(distance.TotalSeconds, "second"),
            { TotalHours: < 1 } => Count(distance.TotalMinutes, "minute"),
            { TotalDays: < 1 } => Count(distance.TotalHours, "hour"),
            { TotalDays: < 60 } => Count(distance.TotalDays, "day"),
            { TotalDays: < 730 } => Count(distance.TotalDays / 30.44, "month"),
            _ => Count(distance.TotalDays / 365.25, "year"),
        };
        return words == "now" ? words : moment > now ? $"in {words}" : $"{words} ago";
    }

    private static string Count(double number, string unit) => (int)number is 1 ? $"1 {unit}" : $"{(int)number} {unit}s";
}
