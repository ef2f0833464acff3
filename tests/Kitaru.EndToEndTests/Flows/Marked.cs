using Kitaru;

public static class Marked
{
    /// <summary>One step after the other; each says which process ran it, so that the records tell whose they are. Asks halfway, if it is to.</summary>
    [Flow]
    public static async Task<string> MarkSteps(string ledger, int steps, int seed = 1, int bytes = 0, bool asks = false)
    {
        var processes = new List<string>();
        for (var i = 0; i < steps; i++)
        {
            if (asks && i == steps / 2)
                await Flow.WaitAsync<bool>("go_on", question: "Go on?", timeout: TimeSpan.FromSeconds(1));
            processes.Add((await Mark(ledger, i, seed, bytes)).Split(' ')[1]);
        }
        return string.Join(' ', processes);
    }

    [Checkpoint]
    private static async Task<string> Mark(string ledger, int index, int seed, int bytes)
    {
        Ledger.Note(ledger, $"step {index} began {Environment.ProcessId}");
        await Task.Delay(new Random(seed * 1000 + index).Next(10, 80));
        Ledger.Note(ledger, $"step {index} done {Environment.ProcessId}");
        return $"{index} {Environment.ProcessId} {new string('x', bytes)}";
    }
}
