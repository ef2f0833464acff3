using System.Globalization;

namespace Kitaru.Soak;

/// <summary>One execution under test, with the ledger its checkpoints write.</summary>
internal sealed class Subject(ExecutionHandle handle, string ledger)
{
    private int _doneAtKill;

    public ExecutionHandle Handle => handle;

    public IReadOnlyList<string> Lines
    {
        get
        {
            if (!File.Exists(ledger))
                return [];
            using var file = new FileStream(ledger, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file);
            var text = reader.ReadToEnd();
            return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    public int Began => Lines.Count(IsBegin);

    public int KillsWithoutProgress { get; private set; }

    public bool HasProgressed => Done > _doneAtKill;

    private int Done => Lines.Count - Began;

    public bool IsThrough(int steps) => Lines.Contains($"step {steps - 1} done");

    public void WasKilled()
    {
        KillsWithoutProgress = HasProgressed ? 1 : KillsWithoutProgress + 1;
        _doneAtKill = Done;
    }

    /// <summary>What is wrong: steps lost, repeated after a later one had begun, or repeated more often than workers died.</summary>
    public IEnumerable<string> Account(int steps, int sum, int takeovers)
    {
        var began = Lines.Where(IsBegin).Select(line => int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)).ToList();
        if (!began.Distinct().Order().SequenceEqual(Enumerable.Range(0, steps)))
            yield return $"{handle.Id}: steps are missing: {string.Join(' ', began)}";
        if (!began.SequenceEqual(began.Order()))
            yield return $"{handle.Id}: a recorded step ran again: {string.Join(' ', began)}";
        if (began.Count - steps > takeovers)
            yield return $"{handle.Id}: {began.Count - steps} repeats, but only {takeovers} takeovers";
        if (sum != Enumerable.Range(0, steps).Sum(i => i * i))
            yield return $"{handle.Id}: the result is {sum}";
    }

    private static bool IsBegin(string line) => line.EndsWith(" began", StringComparison.Ordinal);
}
