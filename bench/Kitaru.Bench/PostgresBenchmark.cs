using Kitaru.Postgres;
using Kitaru.PostgresForTests;

namespace Kitaru.Bench;

/// <summary>
/// The engine in process on PostgreSQL, the engine behind a server, and the hand-written floor, interleaved in the same run, on a private database that flushes to the disk.
/// </summary>
internal static class PostgresBenchmark
{
    private static readonly TimeSpan SliceTime = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(string mcp, string folder, int rounds)
    {
        using var cluster = PostgresCluster.TryStart(durable: true, out var why);
        if (cluster is null)
        {
            Console.WriteLine($"skipped: {why}");
            return;
        }
        await using (await PostgresStore.OpenAsync(cluster.ConnectionString, "floor"))
        {
        }
        await using var store = await PostgresStore.OpenControlPlaneAsync(cluster.ConnectionString, "engine", TimeSpan.FromSeconds(10));
        await using var client = KitaruClient.Connect(new KitaruClientOptions
        {
            ConfigPath = Path.Combine(folder, "engine"),
            ServerUrl = "http://127.0.0.1:1",
            AuthToken = "kat_bench",
            OpenServer = (_, _, _) => Task.FromResult<Core.IControlPlane>(store),
        });
        using var server = await RemoteServer.StartAsync(
            Path.Combine(Path.GetDirectoryName(mcp)!, "server", "kitaru-server.dll"), Path.Combine(folder, "server"), cluster.ConnectionString);
        await using var remote = KitaruClient.Connect(new KitaruClientOptions
        {
            ConfigPath = Path.Combine(folder, "remote"),
            ServerUrl = server.Url,
            AuthToken = server.Secret,
            Project = "default",
        });
        await using var floor = new PostgresFloor(cluster.ConnectionString, "floor");
        var comparison = new Comparison(client, floor.RunFlowAsync, SliceTime, remote);
        await comparison.RunAsync(rounds);
        comparison.PrintTable("PostgreSQL floor, one commit per step");
        comparison.PrintRemote();
    }
}
