using System.Globalization;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.SimulationTests.Oracles;

namespace Kitaru.SimulationTests;

public sealed class SimulationTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public void EverySeed_KeepsEveryPromise()
    {
        var only = Environment.GetEnvironmentVariable("KITARU_SIM_SEED");
        var count = only is null ? int.Parse(Environment.GetEnvironmentVariable("N") ?? "200", CultureInfo.InvariantCulture) : 1;
        var failed = Simulation.FindFirst(only is null ? 1 : int.Parse(only, CultureInfo.InvariantCulture), count, story: only is null ? null : output.WriteLine);
        failed.ShouldBeNull();
    }
}
