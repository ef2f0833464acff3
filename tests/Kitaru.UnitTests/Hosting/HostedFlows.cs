namespace Kitaru.UnitTests.Hosting;

/// <summary>What the host gives to flows: one for each run.</summary>
public sealed class Ledger(LedgerBook book) : IDisposable
{
    public Guid Id { get; } = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    public void Dispose() => book.Closed.Enqueue(Id);
}

/// <summary>Lives as long as the host.</summary>
public sealed class LedgerBook
{
    public System.Collections.Concurrent.ConcurrentQueue<Guid> Closed { get; } = new();

    public SemaphoreSlim Gate { get; } = new(0);

    public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Flows that ask the host for services.</summary>
public sealed class HostedFlows(Ledger ledger, LedgerBook book)
{
    [Flow]
    public async Task<string> Hosted(string name)
    {
        var greeting = await Greet(name);
        var ok = await Flow.WaitAsync<bool>("go_on", question: "Go on?");
        return $"{greeting} {ok}";
    }

    [Checkpoint(Type = "tool_call")]
    internal Task<string> Greet(string name) => Task.FromResult($"{name} {ledger.Id != Guid.Empty}");

    [Flow]
    public async Task<int> Gated(int number) => await PassGate(number);

    /// <summary>Ends when the test opens the gate; finishes though it is told to stop.</summary>
    [Checkpoint]
    internal async Task<int> PassGate(int number)
    {
        book.Entered.TrySetResult();
        await book.Gate.WaitAsync(CancellationToken.None);
        return number;
    }
}
