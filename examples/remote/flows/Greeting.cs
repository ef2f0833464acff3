using Kitaru;

public static class Greetings
{
    /// <summary>Greets from wherever it runs.</summary>
    /// <param name="name">Whom to greet.</param>
    [Flow]
    public static async Task<string> Greeting(string name)
    {
        var place = await WhereAmI();
        return $"Hello {name}, from {place}.";
    }

    [Checkpoint]
    private static Task<string> WhereAmI()
    {
        Console.WriteLine("looking around");
        return Task.FromResult($"process {Environment.ProcessId} on {Environment.MachineName}");
    }
}
