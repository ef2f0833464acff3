using Kitaru.Core;

namespace Kitaru.StoreTests.Executions;

public abstract class ChangeSuite : StoreSuite
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private protected ChangeSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task WaitForChange_FromZero_ReturnsAtOnce() =>
        (await Plane.Executions.WaitForChangeAsync(0).WaitAsync(Patience)).ShouldBeGreaterThan(0);

    [Fact]
    public async Task WaitForChange_OwnCommit_WakesIt()
    {
        var mark = await QuietAsync(Plane);
        var waiting = Plane.Executions.WaitForChangeAsync(mark);

        await CreateAsync();

        (await waiting.WaitAsync(Patience)).ShouldBeGreaterThan(mark);
    }

    [Fact]
    public async Task WaitForChange_CommitOfAnotherProcess_WakesIt()
    {
        var other = await OpenAsync();
        var mark = await QuietAsync(Plane);
        var waiting = Plane.Executions.WaitForChangeAsync(mark);

        await other.Executions.CreateAsync(New());

        (await waiting.WaitAsync(Patience)).ShouldBeGreaterThan(mark);
    }

    [Fact]
    public async Task WaitForChange_ChangedWhileNobodyWaited_ReturnsAtOnce()
    {
        var other = await OpenAsync();
        var mark = await QuietAsync(Plane);
        await other.Executions.CreateAsync(New());

        (await Plane.Executions.WaitForChangeAsync(mark).WaitAsync(Patience)).ShouldBeGreaterThan(mark);
    }

    [Fact]
    public async Task WaitForWork_SomethingToTake_WakesIt()
    {
        var other = await OpenAsync();
        var mark = await QuietAsync(Plane.Workers.WaitForWorkAsync);
        var waiting = Plane.Workers.WaitForWorkAsync(mark);

        await other.Executions.CreateAsync(New());

        (await waiting.WaitAsync(Patience)).ShouldBeGreaterThan(mark);
    }

    [Fact]
    public async Task WaitForChange_Cancelled_Ends()
    {
        var mark = await QuietAsync(Plane);
        using var stop = new CancellationTokenSource();
        var waiting = Plane.Executions.WaitForChangeAsync(mark, stop.Token);
        stop.Cancel();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience));
    }

    [Fact]
    public async Task WaitForChange_StoreClosed_EndsWithAnError()
    {
        var other = await OpenAsync();
        var waiting = other.Executions.WaitForChangeAsync(await QuietAsync(other));
        await other.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => waiting.WaitAsync(Patience));
    }

    /// <summary>A mark after which nothing has happened: the first look at the store counts as a change.</summary>
    private static Task<long> QuietAsync(IControlPlane plane) => QuietAsync(plane.Executions.WaitForChangeAsync);

    private static async Task<long> QuietAsync(Func<long, CancellationToken, Task<long>> wait)
    {
        var mark = await wait(0, CancellationToken.None);
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        try
        {
            while (true)
                mark = await wait(mark, soon.Token);
        }
        catch (OperationCanceledException)
        {
            return mark;
        }
    }
}

public sealed class SqliteChangeTests() : ChangeSuite(new SqliteUnderTest());
