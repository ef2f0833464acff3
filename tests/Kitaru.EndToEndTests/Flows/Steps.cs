using Kitaru;

public static class Steps
{
    /// <summary>Does one step after the other.</summary>
    [Flow]
    public static async Task<int> CountSteps(string ledger, int steps, int seed = 1)
    {
        var sum = 0;
        for (var i = 0; i < steps; i++)
            sum += await Step(ledger, i, seed);
        // Not a step: whoever kills workers is told that there is nothing left to kill.
#pragma warning disable KIT109, KIT111
        Ledger.Note(ledger, "ended");
#pragma warning restore KIT109, KIT111
        return sum;
    }

    /// <summary>One long step that tells when it began.</summary>
    [Flow]
    public static async Task<string> LongStep(string ledger, string gate) => await Held(ledger, gate);

    [Checkpoint]
    private static async Task<int> Step(string ledger, int index, int seed)
    {
        Ledger.Note(ledger, $"step {index} began");
        await Task.Delay(new Random(seed * 1000 + index).Next(10, 80));
        Ledger.Note(ledger, $"step {index} done");
        return index * index;
    }

    [Checkpoint]
    private static async Task<string> Held(string ledger, string gate)
    {
        Ledger.Note(ledger, "held began");
        while (!File.Exists(gate))
            await Task.Delay(10, Flow.CancellationToken);
        return "open";
    }
}
