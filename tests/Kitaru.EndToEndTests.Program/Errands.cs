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

    [Checkpoint]
    internal static async Task<int> Visit(string ledger, int index)
    {
        Ledger.Note(ledger, $"step {index} began");
        await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System);
        Ledger.Note(ledger, $"step {index} done");
        return index * 10;
    }
}
