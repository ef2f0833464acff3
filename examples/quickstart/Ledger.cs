using System.Globalization;

namespace Kitaru.Quickstart;

/// <summary>The file that the flow's checkpoints write to: what really ran, seen from outside Kitaru.</summary>
internal sealed class Ledger(string file)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>One line of it.</summary>
    public sealed record Entry(string Verb, string Checkpoint, string Subject, int ProcessId);

    public IReadOnlyList<Entry> Read()
    {
        if (!File.Exists(file))
            return [];
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Select(Parse).OfType<Entry>()];
    }

    /// <summary>Waits until a checkpoint has begun.</summary>
    public async Task<Entry> BeginningOfAsync(string checkpoint, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Read().FirstOrDefault(entry => entry.Verb == "began" && entry.Checkpoint == checkpoint) is { } began)
                return began;
            await Task.Delay(LookEvery, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>How often each piece of work of these checkpoints began, and how often it was done.</summary>
    public IReadOnlyList<(string Work, int Began, int Done)> Count(params string[] checkpoints) =>
    [
        .. Read().Where(entry => checkpoints.Contains(entry.Checkpoint))
            .GroupBy(entry => $"{entry.Checkpoint} {entry.Subject}")
            .Select(work => (work.Key, work.Count(entry => entry.Verb == "began"), work.Count(entry => entry.Verb == "done"))),
    ];

    private static Entry? Parse(string line) =>
        line.Split(' ') is [var verb, var checkpoint, var subject, var process]
            ? new Entry(verb, checkpoint, subject, int.Parse(process, CultureInfo.InvariantCulture))
            : null;
}
