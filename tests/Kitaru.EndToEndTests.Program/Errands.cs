namespace Kitaru.EndToEndTests.Program;

/// <summary>Flows of the program; its assembly is a target of kitaru-mcp as well.</summary>
public static class Errands
{
    [Flow]
    public static async Task<string> Walk(string ledger, int steps)
    {
        var done = new List<int>();
        for (var i = 0; i < steps; i++)
            done.Add(await Visit(ledger, i));
        return string.Join(' ', done);
    }

    /// <summary>Fails until the gate is there.</summary>
    [Flow]
    public static async Task<string> Deliver(string ledger, string gate, string greeting)
    {
        var parcel = await Pack(ledger);
        return greeting + await HandOver(ledger, gate, parcel);
    }

    [Checkpoint]
    internal static async Task<string> Pack(string ledger)
    {
        await Task.Yield();
        Ledger.Note(ledger, "pack");
        return "parcel";
    }

    [Checkpoint]
    internal static async Task<string> HandOver(string ledger, string gate, string parcel)
    {
        await Task.Yield();
        Ledger.Note(ledger, "hand over");
        return File.Exists(gate) ? parcel : throw new InvalidOperationException("nobody opens");
    }

    [Checkpoint]
    internal static async Task<int> Visit(string ledger, int index)
    {
        Ledger.Note(ledger, $"step {index} began");
        await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System);
        Ledger.Note(ledger, $"step {index} done");
        return index * 10;
    }
}
