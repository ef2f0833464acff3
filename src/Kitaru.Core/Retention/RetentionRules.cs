using System.Globalization;

namespace Kitaru.Core;

/// <summary>
/// How long ended executions are kept, by the way they ended: <c>completed=30d,failed=90d,cancelled=30d</c>. What is not named is kept for ever.
/// </summary>
public sealed class RetentionRules
{
    /// <summary>The environment variable that holds them.</summary>
    public const string Variable = "KITARU_RETENTION";

    private const int DaysMax = 36_500;
    private const string Example = "completed=30d,failed=90d,cancelled=30d";

    private static readonly Dictionary<string, ExecutionStatus> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["completed"] = ExecutionStatus.Completed,
        ["failed"] = ExecutionStatus.Failed,
        ["cancelled"] = ExecutionStatus.Cancelled,
    };

    private RetentionRules(IReadOnlyDictionary<ExecutionStatus, TimeSpan> ages) => Ages = ages;

    /// <summary>Nothing is deleted by itself.</summary>
    public static RetentionRules None { get; } = new(new Dictionary<ExecutionStatus, TimeSpan>());

    /// <summary>How long each is kept.</summary>
    public IReadOnlyDictionary<ExecutionStatus, TimeSpan> Ages { get; }

    /// <summary>The rules of <see cref="Variable"/>; none when it is not set.</summary>
    /// <exception cref="KitaruUsageException">Its value makes no sense.</exception>
    public static RetentionRules FromEnvironment(Func<string, string?> environment) =>
        environment(Variable) is { } text && !string.IsNullOrWhiteSpace(text) ? Parse(text) : None;

    /// <summary>Reads rules; the words and units are strict, because what they say is deleted.</summary>
    /// <exception cref="KitaruUsageException">They make no sense.</exception>
    public static RetentionRules Parse(string text)
    {
        var ages = new Dictionary<ExecutionStatus, TimeSpan>();
        foreach (var rule in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = rule.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || !Words.TryGetValue(parts[0], out var status))
                throw Refuse($"'{Texts.Short(rule, 80)}' is not a rule: expected completed, failed or cancelled, then = and an age.{Texts.DidYouMean(parts[0], Words.Keys)}");
            if (Age(parts[1]) is not { } age)
                throw Refuse($"'{Texts.Short(parts[1], 80)}' is not an age: expected a whole number of days such as 30d, or of hours such as 12h, up to {DaysMax}d.");
            if (!ages.TryAdd(status, age))
                throw Refuse($"'{parts[0]}' is there twice.");
        }
        return ages.Count == 0 ? None : new RetentionRules(ages);
    }

    /// <summary>The rules as they are written.</summary>
    public override string ToString() =>
        string.Join(',', Ages.OrderBy(rule => rule.Key).Select(rule => $"{rule.Key.ToString().ToLowerInvariant()}={Text(rule.Value)}"));

    private static TimeSpan? Age(string text)
    {
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        var hours = text[^1] switch { 'd' => number * 24L, 'h' => number, _ => -1 };
        return hours is > 0 and <= DaysMax * 24L ? TimeSpan.FromHours(hours) : null;
    }

    private static string Text(TimeSpan age) => age.Ticks % TimeSpan.TicksPerDay == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:0}d")
        : string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0}h");

    private static KitaruUsageException Refuse(string why) =>
        new($"{Variable}: {why} Nothing is deleted by itself.", $"Set {Variable}={Example}, or unset it, and start again.");
}
