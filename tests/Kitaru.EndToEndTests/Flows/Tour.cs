using Kitaru;

public static class Touring
{
    /// <summary>Gathers, may break, and asks.</summary>
    [Flow]
    public static async Task<string> Tour(string topic, bool breaks = false)
    {
        var notes = await Gather(topic);
        if (breaks)
            await Break();
        var ok = await Flow.WaitAsync<bool>("approve", question: $"Publish {notes}?", timeout: TimeSpan.FromSeconds(1));
        return ok ? await Write(notes) : "rejected";
    }

    [Checkpoint]
    private static Task<string> Gather(string topic)
    {
        Console.WriteLine($"gathering {topic}");
        return Task.FromResult($"notes on {topic}");
    }

    [Checkpoint]
    private static Task Break() => throw new InvalidOperationException("broken on purpose");

    [Checkpoint]
    private static async Task<string> Write(string notes)
    {
        await Flow.SaveAsync("draft", notes, type: "response");
        return $"draft of {notes}";
    }
}
