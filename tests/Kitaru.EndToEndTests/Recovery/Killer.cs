using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Recovery;

/// <summary>Kills workers at moments it draws: some lines of the ledger further, then up to a step's time later.</summary>
internal sealed class Killer(Home home, int seed)
{
    private const int LatestMilliseconds = 90;
    private const int SameStepMax = 2;

    private readonly Random _random = new(seed);
    private string? _lastStep;
    private int _same;

    /// <summary>Returns how many workers were really killed, which is <paramref name="times"/> unless the flow ended before.</summary>
    public async Task<int> KillAsync(int times)
    {
        var killed = 0;
        while (killed < times)
        {
            await WaitForMomentAsync();
            killed += home.KillWorkers();
        }
        return killed;
    }

    /// <summary>An execution whose workers die again and again in one step is given up on, so the same step is not hit for ever.</summary>
    public async Task WaitForMomentAsync()
    {
        var seen = home.Ledger.Lines.Count;
        await home.Ledger.HasLinesAsync(seen + _random.Next(1, 5));
        if (_same >= SameStepMax)
            await Until.TrueAsync(() => home.Ledger.Lines[^1] != _lastStep, "the flow gets further");
        await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(LatestMilliseconds)), TimeProvider.System);
        var step = home.Ledger.Lines[^1];
        _same = step == _lastStep ? _same + 1 : 0;
        _lastStep = step;
    }
}
