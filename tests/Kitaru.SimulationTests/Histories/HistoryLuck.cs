namespace Kitaru.SimulationTests.Histories;

/// <summary>How often something was tried, while a history is recorded.</summary>
internal static class HistoryLuck
{
    private static int _tries;

    public static int Next() => Interlocked.Increment(ref _tries);
}
