using System.Text.Json.Nodes;
using Kitaru;

public static class Orders
{
    /// <summary>Looks items up one after the other, prices the order, and writes the bill.</summary>
    [Flow]
    public static async Task<string> BillOrder(string ledger, string[] items, decimal discount = 0)
    {
        var found = new List<string>();
        foreach (var item in items)
            found.Add(await Lookup(ledger, item));
        var price = await Price(ledger, found, discount);
        var greeting = await Greet(ledger);
        Flow.SetMetadata("llm_usage_summary_v1", new JsonObject { ["total_tokens"] = items.Length * 100, ["display_cost_usd"] = items.Length * 0.5 });
        return await Write(ledger, greeting, price);
    }

    /// <summary>Asks before it goes on.</summary>
    [Flow]
    public static async Task<string> AskedOrder(string ledger)
    {
        var found = await Lookup(ledger, "tea");
        return await Flow.WaitAsync<bool>("approve", question: $"Bill {found}?") ? await Greet(ledger) : "kept";
    }

    [Checkpoint]
    private static async Task<string> Lookup(string ledger, string item)
    {
        await Task.Yield();
        Ledger.Note(ledger, "lookup");
        return item == "?" ? throw new KeyNotFoundException("no such item") : item + ":3";
    }

    [Checkpoint(Type = "llm_call")]
    private static async Task<Quote> Price(string ledger, List<string> found, decimal discount)
    {
        await Task.Yield();
        Ledger.Note(ledger, "price");
        var total = found.Sum(each => decimal.Parse(each.Split(':')[1])) - discount;
        Flow.SetMetadata("llm_usage_v1", new JsonObject
        {
            ["r1"] = new JsonObject
            {
                ["schema_version"] = 1,
                ["usage"] = new JsonObject { ["input_tokens"] = found.Sum(each => each.Length), ["output_tokens"] = 5, ["total_tokens"] = found.Sum(each => each.Length) + 5 },
                ["cost"] = new JsonObject { ["actual_cost_usd"] = found.Count * 0.25, ["estimated_cost_usd"] = null },
            },
        });
        await Flow.SaveAsync("lines", found);
        return new Quote(found.Count, total);
    }

    [Checkpoint]
    private static async Task<string> Greet(string ledger)
    {
        await Task.Yield();
        Ledger.Note(ledger, "greet");
        return "Dear customer";
    }

    [Checkpoint]
    private static async Task<string> Write(string ledger, string greeting, Quote quote)
    {
        await Task.Yield();
        Ledger.Note(ledger, "write");
        return $"{greeting}: {quote.Count} for {quote.Total}";
    }

    public sealed record Quote(int Count, decimal Total);
}
