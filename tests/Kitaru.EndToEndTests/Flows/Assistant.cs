using Kitaru;

public static class Assistant
{
    /// <summary>Gathers notes on a topic and writes a draft about it.</summary>
    [Flow]
    public static async Task<string> ResearchAgent(string topic)
    {
        var notes = await GatherNotes(topic);
        return await WriteDraft(notes);
    }

    /// <summary>Writes a draft and asks before it is published.</summary>
    [Flow]
    public static async Task<string> PublishAgent(string topic)
    {
        var draft = await WriteDraft(await GatherNotes(topic));
        var approved = await Flow.WaitAsync<bool>("approve_draft", question: $"Publish the draft on {topic}?");
        return approved ? "published: " + draft : "kept";
    }

    /// <summary>Looks a price up.</summary>
    [Flow]
    public static async Task<decimal> QuoteAgent(string symbol)
    {
        var symbols = await LoadSymbols();
        return await FetchQuote(symbols, symbol);
    }

    [Checkpoint]
    private static async Task<string[]> GatherNotes(string topic)
    {
        await Task.Yield();
        Console.WriteLine($"looking for {topic}");
        return [$"what {topic} is", $"why {topic} matters"];
    }

    [Checkpoint(Type = "llm_call")]
    private static async Task<string> WriteDraft(string[] notes)
    {
        await Task.Yield();
        return "A draft: " + string.Join("; ", notes) + ".";
    }

    [Checkpoint]
    private static async Task<string[]> LoadSymbols()
    {
        await Task.Yield();
        return ["KITA", "RU"];
    }

    [Checkpoint]
    private static async Task<decimal> FetchQuote(string[] symbols, string symbol)
    {
        await Task.Yield();
        Console.WriteLine($"asking for {symbol}");
        return symbols.Contains(symbol) ? 42.5m : throw new KeyNotFoundException($"there is no quote for '{symbol}'");
    }
}
