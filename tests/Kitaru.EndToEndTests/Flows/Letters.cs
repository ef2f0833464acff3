using Kitaru;

public static class Letters
{
    /// <summary>Classifies a letter, drafts an answer, and has it approved.</summary>
    [Flow]
    public static async Task<string> AnswerLetter(string ledger, string letter, string tone = "plain")
    {
        var kind = await Classify(ledger, letter);
        var archived = Archive(ledger, letter);
        var draft = await Draft(ledger, kind, tone);
        var approved = await Flow.WaitAsync<bool>("approve", question: $"Send '{draft}'?");
        return approved ? await Send(ledger, draft) + archived : "kept";
    }

    /// <summary>Fails in its second checkpoint as long as the service is away.</summary>
    [Flow]
    public static async Task<string> Fetching(string ledger, string gate)
    {
        var first = await Prepare(ledger);
        return await Fetch(ledger, gate, first);
    }

    [Checkpoint]
    private static async Task<string> Classify(string ledger, string letter)
    {
        await Task.Yield();
        Ledger.Note(ledger, "classify");
        return letter.Contains('!') ? "urgent" : "normal";
    }

    [Checkpoint]
    private static string Archive(string ledger, string letter)
    {
        Ledger.Note(ledger, "archive");
        return $" ({letter.Length})";
    }

    [Checkpoint]
    private static async Task<string> Draft(string ledger, string kind, string tone)
    {
        await Task.Yield();
        Ledger.Note(ledger, "draft");
        return $"{kind}/{tone}";
    }

    [Checkpoint]
    private static async Task<string> Send(string ledger, string draft)
    {
        await Task.Yield();
        Ledger.Note(ledger, "send");
        return "sent " + draft;
    }

    [Checkpoint]
    private static async Task<string> Prepare(string ledger)
    {
        await Task.Yield();
        Ledger.Note(ledger, "prepare");
        return "prepared";
    }

    [Checkpoint]
    private static async Task<string> Fetch(string ledger, string gate, string first)
    {
        await Task.Yield();
        Ledger.Note(ledger, "fetch");
        return File.Exists(gate) ? first + " and fetched" : throw new InvalidOperationException("the service is away");
    }
}
