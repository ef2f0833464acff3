namespace Kitaru.CliTests.Runs;

/// <summary>Workers of a config directory: processes that this test has started through the program.</summary>
internal static class Workers
{
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(30);

    /// <summary>Waits until none writes into the directory any more.</summary>
    public static async Task EndAsync(string configDirectory)
    {
        var folder = Path.Combine(configDirectory, "workers");
        var begun = TimeProvider.System.GetTimestamp();
        // A worker deletes its output file when it ends.
        while (Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.log").Any() && TimeProvider.System.GetElapsedTime(begun) < EndMax)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
    }
}
