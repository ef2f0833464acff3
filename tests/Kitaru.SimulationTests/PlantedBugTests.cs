using Kitaru.SimulationTests.Planted;
using Kitaru.SimulationTests.World;
using Kitaru.Testing.Stores;
using Xunit.Abstractions;

namespace Kitaru.SimulationTests;

/// <summary>The simulation finds what it is there to find: with the product as it is, on a store that breaks its promises.</summary>
[Collection(Simulation.Collection)]
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    private const int SeedsMax = 1000;

    [Fact]
    public void StoreWithoutFencing_IsFound() => Finds((world, _) => new SkipsFencing(world));

    [Fact]
    public void StoreThatAcknowledgesBeforeTheCommit_IsFound() => Finds((_, lane) => new AcknowledgesEarly(lane));

    private void Finds(Func<SimWorld, Lane, StoreInterceptor?> bug)
    {
        var found = Simulation.FindFirst(1, SeedsMax, bug).ShouldNotBeNull();
        output.WriteLine($"Found at seed {found.Seed}: {found.Violation.Message}");
    }
}
