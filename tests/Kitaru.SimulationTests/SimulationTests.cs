using System.Globalization;
using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Xunit.Abstractions;

namespace Kitaru.SimulationTests;

/// <summary>
/// Thousands of histories. KITARU_SIM_SEED=123 runs that one alone and tells its story; KITARU_SIM_SEEDS=100000 runs more of them.
/// </summary>
[Collection(Simulation.Collection)]
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 10_000;

    private static int? OnlySeed { get; } = Number("KITARU_SIM_SEED");

    [Fact]
    public void EverySeed_KeepsEveryPromise()
    {
        var failed = OnlySeed is { } seed
            ? Simulation.FindFirst(seed, 1, story: output.WriteLine)
            : Simulation.FindFirst(1, Number("KITARU_SIM_SEEDS") ?? Seeds);
        if (failed is { } found)
            Assert.Fail($"Seed {found.Seed}: {found.Violation}\nTo run just that one: KITARU_SIM_SEED={found.Seed} dotnet test tests/Kitaru.SimulationTests --filter {nameof(EverySeed_KeepsEveryPromise)}");
    }

    [Fact]
    public void SameSeed_IsTheSameHistory()
    {
        using var database = new MemoryDatabase(TimeProvider.System);
        for (var seed = 1; seed <= 30; seed++)
            OnAThreadOfItsOwn(() => Simulation.RunOne(seed, database)).ShouldBe(OnAThreadOfItsOwn(() => Simulation.RunOne(seed, database)), $"seed {seed}");
    }

    /// <summary>Without the test runner's context, which would send continuations to other threads, out of the seed's reach.</summary>
    private static (string? Violation, ulong Trace) OnAThreadOfItsOwn(Func<(Exception? Violation, ulong Trace)> run)
    {
        (string?, ulong) result = default;
        var thread = new Thread(() => result = run() is var (violation, trace) ? (violation?.Message, trace) : default);
        thread.Start();
        thread.Join();
        return result;
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
