using FsCheck;
using FsCheck.Fluent;
using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;

namespace Kitaru.SimulationTests.Models;

public sealed class StateMachineTests
{
    private const int Histories = 1000;

    [Fact]
    public void Store_AnySequenceOfOperations_DoesWhatTheNaiveRulesSay()
    {
        using var database = new MemoryDatabase(TimeProvider.System);
        var operations = Gen.Choose(0, StateMachineModel.Operations - 1).ListOf().Select(list => list.ToArray());
        var agrees = Prop.ForAll(operations.ToArbitrary(), list => Differs(database, list) is { } difference ? false.Label(difference) : true.Label("agrees"));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Histories).WithStartSize(5).WithEndSize(80), agrees);
    }

    private static string? Differs(MemoryDatabase database, int[] operations)
    {
        database.Clear();
        using var model = new StateMachineModel(database);
        return operations.Select(model.Step).FirstOrDefault(difference => difference is not null);
    }
}
