using Kitaru.Core.Configuration;

namespace Kitaru.Bench;

/// <summary>The engine beside the hand-written floor, interleaved in the same run.</summary>
internal static class EngineBenchmark
{
    private static readonly TimeSpan SliceTime = TimeSpan.FromSeconds(1.5);

    public static async Task RunAsync(string folder, int rounds)
    {
        var enginePath = Path.Combine(folder, "engine");
        var floorPath = Path.Combine(folder, "floor");
        await using (var schema = KitaruClient.Connect(new KitaruClientOptions { ConfigPath = floorPath }))
            await schema.OpenAsync();

        await using var client = KitaruClient.Connect(new KitaruClientOptions { ConfigPath = enginePath });
        using var floor = new Floor(new ConfigDirectory(floorPath).Database);
        var comparison = new Comparison(client, floor.RunFlowAsync, SliceTime);
        await comparison.RunAsync(rounds);
        comparison.PrintTable("SQLite floor");
        comparison.PrintGrowth();
    }
}
