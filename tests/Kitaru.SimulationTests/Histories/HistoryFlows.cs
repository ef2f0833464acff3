namespace Kitaru.SimulationTests.Histories;

/// <summary>
/// The flows behind the recorded histories, one per shape. Never change one that has a recording: write a new one beside it.
/// </summary>
public static class HistoryFlows
{
    [Flow]
    public static async Task<string> Sequential(string name)
    {
        var text = name;
        for (var round = 0; round < 3; round++)
            text = await Append(text, round);
        return $"{text} at {Flow.UtcNow:O} {Flow.NewGuid()} {Flow.Random.Next()}";
    }

    [Flow]
    public static async Task<string> Parallel(string name)
    {
        var branches = Enumerable.Range(0, 3).Select(async number => await Append(await Append(name, number), 10 + number));
        return string.Join(' ', await Task.WhenAll(branches));
    }

    [Flow]
    public static async Task<string> Race(string name)
    {
        var runners = new[] { Append(name, 1), Append(name, 2), Append(name, 3) };
        var winner = await Task.WhenAny(runners);
        var first = await Append(await winner, 4);
        return first + string.Join(' ', await Task.WhenAll(runners));
    }

    [Flow]
    public static async Task<string> Waits(string name)
    {
        var both = await Task.WhenAll(Flow.WaitAsync<int>("count", "How many?"), Flow.WaitAsync<int>("more", "And then?"));
        try
        {
            await Flow.WaitAsync<bool>("go");
        }
        catch (WaitAbortedException)
        {
            return await Append(name, both.Sum());
        }
        return "not aborted";
    }

    [Flow]
    public static async Task<string> Sleeps(string name)
    {
        await Flow.SleepAsync(TimeSpan.FromHours(1));
        var text = await Append(name, 1);
        await Task.WhenAll(Flow.SleepAsync(TimeSpan.FromMinutes(1)), Flow.SleepAsync(TimeSpan.FromMinutes(2)));
        return $"{text} at {Flow.UtcNow:O}";
    }

    [Flow]
    public static async Task<string> Retries(string name) => await Stubborn(name) + Count(name);

    [Flow]
    public static async Task<string> Caught(string name)
    {
        try
        {
            return await Broken(name);
        }
        catch (CheckpointFailedException failure)
        {
            Flow.SetMetadata("failed", failure.Key);
            return await Append(name, failure.Message.Length);
        }
    }

    [Flow]
    public static async Task<string> Failed(string name) => await Broken(await Append(name, 1));

    [Checkpoint]
    internal static async Task<string> Append(string text, int number)
    {
        await Task.Yield();
        return $"{text}-{number}";
    }

    [Checkpoint(Retries = 2)]
    internal static Task<string> Stubborn(string text) =>
        HistoryLuck.Next() < 3 ? throw new InvalidOperationException("not yet") : Task.FromResult(text + " at last");

    [Checkpoint]
    internal static int Count(string text) => text.Length;

    [Checkpoint]
    internal static Task<string> Broken(string text) => throw new InvalidOperationException($"{text} is broken");
}
