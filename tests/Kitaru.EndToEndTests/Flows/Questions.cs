using Kitaru;

public static class Questions
{
    public sealed record Budget(int Amount, string Currency);

    /// <summary>Two questions; the worker stays with each for the given time.</summary>
    [Flow]
    public static async Task<string> AskTwice(string ledger, double staySeconds)
    {
        Prepare(ledger);
        var approved = await Flow.WaitAsync<bool>("approve", question: "Go on?", timeout: TimeSpan.FromSeconds(staySeconds));
        Between(ledger);
        var budget = await Flow.WaitAsync<Budget>("budget", question: "How much?", timeout: TimeSpan.FromSeconds(staySeconds));
        return $"{approved} {budget.Amount} {budget.Currency}";
    }

    [Flow]
    public static async Task<string> Nap(string ledger, double seconds)
    {
        Prepare(ledger);
        await Settle();
        await Flow.SleepAsync(TimeSpan.FromSeconds(seconds));
        Between(ledger);
        return "awake";
    }

    [Checkpoint]
    private static void Prepare(string ledger) => Ledger.Note(ledger, "prepare");

    // Its outcome comes back on a thread of its own, the last thing that happens before the sleep.
    [Checkpoint]
    private static async Task Settle() => await Task.Delay(20);

    [Checkpoint]
    private static void Between(string ledger) => Ledger.Note(ledger, "between");
}
