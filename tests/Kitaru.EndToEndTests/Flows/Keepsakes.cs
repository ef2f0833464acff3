using Kitaru;

public static class Keepsakes
{
    /// <summary>Leaves something of everything behind, a large value too.</summary>
    [Flow]
    public static async Task<int> Keep(int letters, bool fail = false)
    {
        var text = await Write(letters);
        Console.WriteLine($"wrote {text.Length} letters");
        var half = await Halve(text);
        return fail ? throw new InvalidOperationException("It was to fail.") : half.Length;
    }

    /// <summary>Asks before it goes on.</summary>
    [Flow]
    public static async Task<bool> Ask() => await Flow.WaitAsync<bool>("go_on", question: "Go on?");

    [Checkpoint]
    private static async Task<string> Write(int letters)
    {
        await Flow.SaveAsync("letters", letters);
        return new string('x', letters);
    }

    [Checkpoint]
    private static Task<string> Halve(string text) => Task.FromResult(text[..(text.Length / 2)]);
}
