using Kitaru;

public static class Cached
{
    [Flow]
    public static async Task<string> LookUp(string ledger, string word) => await Meaning(ledger, word);

    [Checkpoint(Cache = true)]
    internal static async Task<string> Meaning(string ledger, string word)
    {
        Ledger.Note(ledger, $"looked up {word}");
        await Task.Yield();
        return $"{word}: a word";
    }
}
