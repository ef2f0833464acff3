using Kitaru.ControlPlane.Maintenance;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Kitaru.StoreTests.Retention;
using Microsoft.Extensions.Logging;

namespace Kitaru.StoreTests.Maintenance;

/// <summary>What happens by itself: once an hour, in one process, and told.</summary>
public sealed class StoreMaintenanceTests() : RetentionSuite(new SqliteUnderTest())
{
    private readonly Lines _lines = new();

    private ConfigDirectory Config => ((SqliteUnderTest)Store).Directory;

    [Fact]
    public async Task Try_WithRules_DeletesWhatTheyLetGo_AndSaysSo()
    {
        var (completed, failed) = (await EndedAsync(), await EndedAsync(ExecutionStatus.Failed));
        var waiting = await HeldAsync();
        Time.Advance(TimeSpan.FromDays(31));

        (await Maintenance("completed=30d,failed=90d").TryAsync(CancellationToken.None)).ShouldBe(StoreMaintenance.Interval);

        (await Plane.Executions.FindAsync(completed)).ShouldBeNull();
        (await Plane.Executions.FindAsync(failed)).ShouldNotBeNull();
        (await Plane.Executions.FindAsync(waiting.ExecutionId)).ShouldNotBeNull();
        _lines.ShouldHaveSingleItem().ShouldContain("deleted 1 completed executions");
        (await Plane.Retention.MeasureAsync()).SweptAt.ShouldBe(Time.Now);
    }

    [Fact]
    public async Task Try_MoreThanOneCallTakes_DeletesAll()
    {
        for (var i = 0; i < 1100; i++)
            await Plane.Executions.CancelAsync((await CreateAsync()).Id);
        Time.Advance(TimeSpan.FromHours(3));

        await Maintenance("cancelled=2h").TryAsync(CancellationToken.None);

        (await Plane.Executions.ListAsync(new ExecutionQuery())).Total.ShouldBe(0);
    }

    [Fact]
    public async Task Try_WithoutRules_DeletesNoExecution_ButWhatNobodyNeeds()
    {
        var id = await FullExecutionAsync("a", Large('m'));
        await Plane.Retention.DeleteAsync(await FullExecutionAsync("b", Large('n')));
        Time.Advance(TimeSpan.FromDays(10_000));

        await Maintenance("").TryAsync(CancellationToken.None);

        (await Plane.Executions.FindAsync(id)).ShouldNotBeNull();
        _lines.ShouldHaveSingleItem().ShouldContain("removed 1 files");
    }

    [Fact]
    public async Task Try_AgainWithinTheHour_WaitsForTheRest_WhoeverDidIt()
    {
        await Maintenance("").TryAsync(CancellationToken.None);
        await EndedAsync();
        Time.Advance(TimeSpan.FromMinutes(40));

        (await Maintenance("completed=1h").TryAsync(CancellationToken.None)).ShouldBe(TimeSpan.FromMinutes(20));
        Time.Advance(TimeSpan.FromMinutes(40));
        await Maintenance("completed=1h").TryAsync(CancellationToken.None);

        (await Plane.Executions.ListAsync(new ExecutionQuery())).Total.ShouldBe(0);
    }

    [Fact]
    public async Task Try_WhileAnotherProcessDoesIt_LeavesItToThem()
    {
        await EndedAsync();
        Time.Advance(TimeSpan.FromDays(1));
        using (Kitaru.ControlPlane.Targets.FileLock.TryAcquire(Config.MaintenanceMark + ".lock").ShouldNotBeNull())
            await Maintenance("completed=1h").TryAsync(CancellationToken.None);

        (await Plane.Executions.ListAsync(new ExecutionQuery())).Total.ShouldBe(1);
    }

    private StoreMaintenance Maintenance(string rules) => new(Plane.Retention, Config, RetentionRules.Parse(rules), Time, _lines);

    private sealed class Lines : List<string>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add(formatter(state, exception));
    }
}
