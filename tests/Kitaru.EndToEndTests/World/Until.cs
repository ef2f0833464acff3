namespace Kitaru.EndToEndTests.World;

/// <summary>Waiting for a condition; what never comes true fails with a name.</summary>
internal static class Until
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    public static async Task TrueAsync(Func<bool> condition, string what, TimeSpan? within = null)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(startedAt) > (within ?? Longest))
                throw new TimeoutException($"Waited {(within ?? Longest).TotalSeconds:0} s for: {what}.");
            await Task.Delay(Look, TimeProvider.System);
        }
    }

    public static async Task<T> ValueAsync<T>(Func<Task<T?>> read, string what)
        where T : struct
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await read() is { } value)
                return value;
            if (TimeProvider.System.GetElapsedTime(startedAt) > Longest)
                throw new TimeoutException($"Waited {Longest.TotalSeconds:0} s for: {what}.");
            await Task.Delay(Look, TimeProvider.System);
        }
    }
}
