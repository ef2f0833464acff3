// Bodies write into the ledger on every pass, on purpose: all passes must have seen the same.
#pragma warning disable KIT109, KIT111
using Kitaru;

public static class Parallel
{
    [Flow]
    public static async Task<string[]> FanOut(string ledger, int branches)
    {
        var results = await Task.WhenAll(Enumerable.Range(0, branches).Select(i => Branch(ledger, i)));
        Ledger.Note(ledger, "ended");
        return results;
    }

    /// <summary>The same checkpoint with the same argument three times, with three results; then more steps, to be killed in.</summary>
    [Flow]
    public static async Task<string> Race(string ledger)
    {
        var racers = new[] { Draw(ledger), Draw(ledger), Draw(ledger) };
        var winner = await Task.WhenAny(racers);
        Ledger.Note(ledger, $"saw winner {Array.IndexOf(racers, winner)} {await winner}");
        await Later(ledger, Array.IndexOf(racers, winner), await winner);
        var all = await Task.WhenAll(racers);
        Ledger.Note(ledger, $"saw all {string.Join(' ', all)}");
        for (var i = 0; i < 20; i++)
            await Later(ledger, i, all[i % 3]);
        return string.Join(' ', all);
    }

    private static async Task<string> Branch(string ledger, int index)
    {
        var first = await First(ledger, index);
        Ledger.Note(ledger, $"saw first {index} {first}");
        return await Second(ledger, index, first);
    }

    [Checkpoint]
    private static async Task<string> First(string ledger, int index)
    {
        Ledger.Note(ledger, $"first {index} began");
        await Task.Delay(Random.Shared.Next(20, 400));
        return Guid.NewGuid().ToString("N")[..8];
    }

    [Checkpoint]
    private static async Task<string> Second(string ledger, int index, string first)
    {
        Ledger.Note(ledger, $"second {index} began");
        await Task.Delay(Random.Shared.Next(20, 400));
        Ledger.Note(ledger, $"second {index} done");
        return $"{index}:{first}";
    }

    [Checkpoint]
    private static async Task<string> Draw(string ledger)
    {
        Ledger.Note(ledger, "draw began");
        await Task.Delay(Random.Shared.Next(20, 300));
        return Guid.NewGuid().ToString("N")[..8];
    }

    [Checkpoint]
    private static async Task Later(string ledger, int index, string value)
    {
        Ledger.Note(ledger, $"later {index} {value} began");
        await Task.Delay(Random.Shared.Next(20, 120));
    }
}
