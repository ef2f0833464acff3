using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>The six levels in their order.</summary>
internal static class LogLevels
{
    private static readonly string[] Names = ["TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

    /// <summary>Where a line stands; one without a level, or with one of its own, counts as INFO.</summary>
    public static int Severity(string? level) => Find(level) is >= 0 and var found ? found : 2;

    /// <summary>The threshold a caller asks for.</summary>
    public static int? Threshold(string? level)
    {
        if (level is null)
            return null;
        return Find(level.Trim()) is >= 0 and var found
            ? found
            : throw new KitaruUsageException($"'{Texts.Short(level)}' is not a log level: expected one of {string.Join(", ", Names)}.{Texts.DidYouMean(level, Names)}");
    }

    private static int Find(string? level) => Array.FindIndex(Names, name => name.Equals(level, StringComparison.OrdinalIgnoreCase));
}
