using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Recovery;

/// <summary>Kills workers at moments it draws: some lines of the ledger further, then up to a step's time later.</summary>
internal sealed class Killer(Home home, int seed)
{
    /// <summary>The last line of a flow that may end before it was killed as often as asked.</summary>
    public const string Ended = "ended";

    private const int LatestMilliseconds = 90;
    private const int SameStepMax = 2;

    private readonly Random _random = new(seed);
    private string? _lastStep;
    private int _same;

    /// <summary>Returns how many workers were really killed, which is <paramref name="times"/> unless the flow ended before.</summary>
    public async Task<int> KillAsync(int times)
    {
        var killed = 0;
        while (killed < times && await WaitForMomentAsync())
            killed += home.KillWorkers();
        return killed;
    }

    /// <summary>An execution whose workers die again and again in one step is given up on, so the same step is not hit for ever.</summary>
    /// <returns>Whether there is a moment: false when the flow has noted its end.</returns>
    public async Task<bool> WaitForMomentAsync()
    {
        var lines = home.Ledger.Lines.Count + _random.Next(1, 5);
        await Until.TrueAsync(() => home.Ledger.Lines.Count >= lines || HasEnded(), $"the ledger has {lines} lines");
        if (_same >= SameStepMax)
            await Until.TrueAsync(() => home.Ledger.Lines[^1] != _lastStep || HasEnded(), "the flow gets further");
        if (HasEnded())
            return false;
        await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(LatestMilliseconds)), TimeProvider.System);
        var step = home.Ledger.Lines[^1];
        _same = step == _lastStep ? _same + 1 : 0;
        _lastStep = step;
        return true;
    }

    private bool HasEnded() => home.Ledger.Count(Ended) > 0;
}
