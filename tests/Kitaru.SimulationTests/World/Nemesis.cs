namespace Kitaru.SimulationTests.World;

/// <summary>Kills, pauses and stops workers, until its time is over.</summary>
internal sealed class Nemesis
{
    private readonly SimWorld _world;
    private readonly Lane _lane;
    private readonly Random _chance;

    public Nemesis(SimWorld world, Lane lane, Random chance)
    {
        (_world, _lane, _chance) = (world, lane, chance);
        lane.Post(() => _ = world.GuardAsync(RageAsync));
    }

    public int Blows { get; private set; }

    private async Task RageAsync()
    {
        var blows = _chance.Next(7);
        while (!_world.IsCalm && blows-- > 0)
        {
            await _lane.Delay(TimeSpan.FromMilliseconds(200 + _chance.Next(2500)));
            var alive = _world.Workers.Where(worker => worker.IsAlive).ToArray();
            if (_world.IsCalm || alive.Length == 0)
                continue;
            Blows++;
            var victim = alive[_chance.Next(alive.Length)];
            switch (_chance.Next(7))
            {
                case < 3:
                    await KillAsync(victim);
                    break;
                case < 6:
                    Hold(victim);
                    break;
                default:
                    victim.Stop();
                    _world.AddWorker();
                    break;
            }
        }
    }

    private async Task KillAsync(SimWorker victim)
    {
        victim.Lane.Die();
        if (_chance.Next(2) == 0)
        {
            // Somebody on its machine sees that the process is gone; otherwise its leases have to run out.
            await _lane.Delay(TimeSpan.FromMilliseconds(_chance.Next(300)));
            await _world.Store.Workers.TakeOverAsync(new([victim.Id], StallsMax: 5), CancellationToken.None);
        }
        if (_chance.Next(2) == 0)
            await _lane.Delay(TimeSpan.FromMilliseconds(_chance.Next(3000)));
        _world.AddWorker();
    }

    /// <summary>Pauses it for up to three leases; it does not know when it comes back.</summary>
    private void Hold(SimWorker victim)
    {
        victim.Lane.IsHeld = true;
        _ = _world.GuardAsync(async () =>
        {
            await _lane.Delay(_world.Lease * (0.2 + 3 * _chance.NextDouble()));
            victim.Lane.IsHeld = false;
        });
        if (_world.Workers.All(worker => worker.Lane.IsHeld || !worker.IsAlive))
            _world.AddWorker();
    }
}
