using Kitaru;

/// <summary>
/// What an agent does with a morning's support tickets. The "model" is a few lines at the end of this file, so that the example needs
/// no key and no network; put a real one in its place and nothing else changes.
/// </summary>
public static class SupportInbox
{
    /// <summary>Triages every ticket, drafts the replies, asks before money is paid back, then sends.</summary>
    /// <param name="folder">The tickets, one .txt file each.</param>
    /// <param name="ledger">A file to which every checkpoint adds a line: it shows what really ran, and how often.</param>
    [Flow]
    public static async Task<InboxReport> WorkInbox(string folder, string ledger)
    {
        var tickets = await ReadTickets(folder, ledger);

        // All tickets at once, two model calls each. A flow body is ordinary C#.
        var cases = await Task.WhenAll(tickets.Select(async ticket =>
        {
            var triage = await Triage(ticket, ledger);
            var draft = await DraftReply(ticket, triage, ledger);
            return new Case(ticket.Id, triage, draft);
        }));

        var digest = await WriteDigest(cases, ledger);
        var asked = cases.Sum(one => one.Triage.Refund);

        // Nothing runs while somebody thinks about it, for days if need be.
        var approval = await Flow.WaitAsync<Approval>("approve_refunds", question: $"{digest} May I pay back {asked} EUR in all?");

        var sent = await Task.WhenAll(cases.Select(one => SendReply(one, approval.Approved, ledger)));
        return new InboxReport(
            cases.Length,
            cases.Count(one => one.Triage.Urgency == "high"),
            approval.Approved ? asked : 0,
            sent,
            digest);
    }

    [Checkpoint(Type = "tool_call")]
    internal static async Task<Ticket[]> ReadTickets(string folder, string ledger, CancellationToken cancellationToken = default)
    {
        using var line = new LedgerLine(ledger, "read_tickets", "all");
        var tickets = new List<Ticket>();
        foreach (var file in Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal))
            tickets.Add(Ticket.Parse(Path.GetFileNameWithoutExtension(file), await File.ReadAllLinesAsync(file, cancellationToken)));
        Console.WriteLine($"{tickets.Count} tickets in {Path.GetFileName(folder)}");
        return [.. tickets];
    }

    [Checkpoint(Type = "llm_call", Retries = 2)]
    internal static async Task<Triage> Triage(Ticket ticket, string ledger, CancellationToken cancellationToken = default)
    {
        using var line = new LedgerLine(ledger, "triage", ticket.Id);
        var triage = await LocalModel.TriageAsync(ticket, cancellationToken);
        Flow.SetMetadata("model", LocalModel.Name);
        Console.WriteLine($"{ticket.Id}: {triage.Topic}, urgency {triage.Urgency}, refund {triage.Refund}");
        return triage;
    }

    [Checkpoint(Type = "llm_call", Retries = 2)]
    internal static async Task<string> DraftReply(Ticket ticket, Triage triage, string ledger, CancellationToken cancellationToken = default)
    {
        using var line = new LedgerLine(ledger, "draft_reply", ticket.Id);
        var reply = await LocalModel.ReplyAsync(ticket, triage, cancellationToken);
        await Flow.SaveAsync($"reply_{ticket.Id}", reply, type: "response");
        return reply;
    }

    /// <summary>The slow one: it takes long enough to be killed in the middle.</summary>
    [Checkpoint(Type = "llm_call")]
    internal static async Task<string> WriteDigest(Case[] cases, string ledger, CancellationToken cancellationToken = default)
    {
        using var line = new LedgerLine(ledger, "write_digest", "all");
        Console.WriteLine($"thinking about {cases.Length} cases");
        await Task.Delay(TimeSpan.FromSeconds(3), cancellationToken);
        return LocalModel.Digest(cases);
    }

    /// <summary>The side effect nobody wants twice.</summary>
    [Checkpoint(Type = "tool_call")]
    internal static Task<string> SendReply(Case one, bool refundApproved, string ledger)
    {
        using var line = new LedgerLine(ledger, "send_reply", one.TicketId);
        var outcome = (one.Triage.Refund, refundApproved) switch
        {
            (0, _) => "replied",
            (_, true) => $"replied, {one.Triage.Refund} EUR paid back",
            _ => "held back: the refund was not approved",
        };
        Console.WriteLine($"{one.TicketId}: {outcome}");
        return Task.FromResult($"{one.TicketId} ({one.Triage.Topic}): {outcome}");
    }
}

public sealed record Triage(string Topic, string Urgency, int Refund);

public sealed record Case(string TicketId, Triage Triage, string Draft);

/// <summary>What the flow asks for in the middle; its JSON Schema is shown to whoever answers.</summary>
public sealed record Approval(bool Approved, string? Note = null);

public sealed record InboxReport(int Tickets, int Urgent, int RefundedEuro, string[] Sent, string Digest);

public sealed record Ticket(string Id, string From, string Subject, string Body)
{
    public static Ticket Parse(string id, string[] lines)
    {
        string Header(string name) => lines.First(line => line.StartsWith(name + ": ", StringComparison.Ordinal))[(name.Length + 2)..];
        return new Ticket(id, Header("From"), Header("Subject"), string.Join('\n', lines.SkipWhile(line => line.Length > 0).Skip(1)));
    }
}

/// <summary>One "began" line, and one "done" line when the checkpoint is through; both name the process.</summary>
internal sealed class LedgerLine : IDisposable
{
    private static readonly Lock Gate = new();
    private readonly string _file;
    private readonly string _what;

    public LedgerLine(string file, string checkpoint, string subject)
    {
        (_file, _what) = (file, $"{checkpoint} {subject} {Environment.ProcessId}");
        Write("began");
    }

    public void Dispose() => Write("done");

    private void Write(string verb)
    {
        lock (Gate)
            File.AppendAllText(_file, $"{verb} {_what}\n");
    }
}

/// <summary>Stands in for a language model: it thinks for a moment and always says the same.</summary>
internal static class LocalModel
{
    public const string Name = "keywords-1";

    public static async Task<Triage> TriageAsync(Ticket ticket, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(120), cancellationToken);
        var text = $"{ticket.Subject}\n{ticket.Body}";
        var topic = Says(text, "charged", "invoice", "refund", "money back") ? "billing"
            : Says(text, "password", "log in", "locked") ? "access"
            : Says(text, "parcel", "delivery", "arrived") ? "shipping"
            : "other";
        var urgency = Says(text, "today", "urgent", "cannot work") ? "high" : "normal";
        var refund = Says(text, "refund", "money back", "charged twice") ? AmountIn(text) : 0;
        return new Triage(topic, urgency, refund);
    }

    public static async Task<string> ReplyAsync(Ticket ticket, Triage triage, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(150), cancellationToken);
        var name = ticket.From.Split(' ')[0];
        var what = triage.Topic switch
        {
            "billing" => triage.Refund > 0 ? $"we are sorry; {triage.Refund} EUR are on their way back to you." : "here is how the invoice came about.",
            "access" => "your account is open again; please choose a new password.",
            "shipping" => "we asked the carrier and send a replacement if it is not with you tomorrow.",
            _ => "thank you for telling us.",
        };
        return $"Dear {name},\nabout \"{ticket.Subject}\": {what}";
    }

    public static string Digest(Case[] cases)
    {
        var topics = cases.GroupBy(one => one.Triage.Topic).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal);
        var refunds = cases.Where(one => one.Triage.Refund > 0).Select(one => $"{one.TicketId} {one.Triage.Refund} EUR");
        return $"{cases.Length} tickets ({string.Join(", ", topics.Select(group => $"{group.Count()} {group.Key}"))}). Refunds: {string.Join(", ", refunds)}.";
    }

    private static bool Says(string text, params string[] words) => words.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static int AmountIn(string text)
    {
        var words = text.Split([' ', '\n', '.', ',']);
        for (var i = 1; i < words.Length; i++)
        {
            if (words[i] == "EUR" && int.TryParse(words[i - 1], out var amount))
                return amount;
        }
        return 0;
    }
}
