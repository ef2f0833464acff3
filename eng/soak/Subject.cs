using System.Globalization;
using System.Text;
using Kitaru.Core;

namespace Kitaru.Soak;

/// <summary>A line of a ledger: a process began a step, or did it.</summary>
internal readonly record struct LedgerLine(int Step, bool IsBegin, int Process);

/// <summary>One execution under test, with the ledger its checkpoints write.</summary>
internal sealed class Subject(ExecutionHandle handle, string ledger, int steps)
{
    private readonly Dictionary<int, int> _seen = [];
    private readonly List<(int Process, int From)> _stopped = [];
    private int _doneAtKill;

    public ExecutionHandle Handle => handle;

    public ExecutionId Id => handle.Id;

    public int Steps => steps;

    public IReadOnlyList<LedgerLine> Lines
    {
        get
        {
            if (!File.Exists(ledger))
                return [];
            using var file = new FileStream(ledger, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file);
            var text = reader.ReadToEnd();
            return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read)];
        }
    }

    public int Began => Lines.Count(line => line.IsBegin);

    public int KillsWithoutProgress { get; private set; }

    public bool HasProgressed => Done > _doneAtKill;

    /// <summary>Outages this execution lived through.</summary>
    public int Outages { get; set; }

    private int Done => Lines.Count(line => !line.IsBegin);

    public bool IsThrough => Lines.Any(line => line.Step == steps - 1 && !line.IsBegin);

    /// <summary>Steps that this process began and has not done yet.</summary>
    public IReadOnlyList<int> InFlight(int process)
    {
        var lines = Lines.Where(line => line.Process == process).ToList();
        return [.. lines.Where(line => line.IsBegin).Select(line => line.Step).Except(lines.Where(line => !line.IsBegin).Select(line => line.Step))];
    }

    /// <summary>What this process writes into the ledger from here on, it does without knowing that it was taken over.</summary>
    public void WasStopped(int process) => _stopped.Add((process, Lines.Count));

    /// <summary>Lines of a stopped process after it was stopped.</summary>
    public IReadOnlyList<LedgerLine> LateLines =>
        [.. Lines.Where((line, index) => _stopped.Exists(stop => stop.Process == line.Process && index >= stop.From))];

    public void WasKilled()
    {
        KillsWithoutProgress = HasProgressed ? 1 : KillsWithoutProgress + 1;
        _doneAtKill = Done;
    }

    /// <summary>Steps that are recorded, with the process whose outcome it is. What was recorded once must stay as it was.</summary>
    public async Task<IReadOnlyDictionary<int, int>> RecordedAsync(KitaruClient kitaru, List<string> problems)
    {
        var detail = await kitaru.Executions.GetAsync(handle.Id);
        var controlPlane = await kitaru.OpenAsync();
        var recorded = new Dictionary<int, int>();
        foreach (var call in detail.Calls.Where(call => call.Status == ExecutionStatus.Completed))
        {
            var artifact = await controlPlane.Artifacts.GetAsync(new ArtifactId(call.Id.Value));
            var parts = Encoding.UTF8.GetString(await controlPlane.Artifacts.ReadAsync(artifact.Value, 0, 64)).Trim('"').Split(' ');
            if (!recorded.TryAdd(Number(parts[0]), Number(parts[1])))
                problems.Add($"{handle.Id}: step {parts[0]} is recorded twice");
        }
        foreach (var (step, process) in _seen)
        {
            if (!recorded.TryGetValue(step, out var now) || now != process)
                problems.Add($"{handle.Id}: step {step} was recorded by {process} and is not any more");
        }
        foreach (var (step, process) in recorded)
            _seen[step] = process;
        return recorded;
    }

    /// <summary>
    /// What is wrong at the end: steps lost, repeated after a later one had begun, repeated more often than allowed, recorded without having been
    /// done, or recorded otherwise than the flow saw them.
    /// </summary>
    public async Task AccountAsync(KitaruClient kitaru, int repeatsMax, List<string> problems)
    {
        var lines = Lines;
        var late = LateLines;
        // Whoever stood still between two steps begins the next one before it learns what has happened; not a second one.
        if (late.Count(line => line.IsBegin) > _stopped.Count)
            problems.Add($"{handle.Id}: a stopped worker began {late.Count(line => line.IsBegin)} steps after it had been taken over");
        var began = lines.Where(line => line.IsBegin && !late.Contains(line)).Select(line => line.Step).ToList();
        if (!began.Distinct().Order().SequenceEqual(Enumerable.Range(0, steps)))
            problems.Add($"{handle.Id}: steps are missing: {string.Join(' ', began)}");
        if (!began.SequenceEqual(began.Order()))
            problems.Add($"{handle.Id}: a step ran again after a later one had begun: {string.Join(' ', began)}");
        if (began.Count - steps > repeatsMax)
            problems.Add($"{handle.Id}: {began.Count - steps} repeats, at most {repeatsMax} are accounted for");
        var recorded = await RecordedAsync(kitaru, problems);
        if (!recorded.Keys.Order().SequenceEqual(Enumerable.Range(0, steps)))
            problems.Add($"{handle.Id}: recorded are steps {string.Join(' ', recorded.Keys.Order())}");
        foreach (var (step, process) in recorded.Where(record => !lines.Contains(new LedgerLine(record.Key, false, record.Value))))
            problems.Add($"{handle.Id}: step {step} is recorded for {process}, which has not done it");
        var result = await handle.GetAsync<string>();
        if (result != string.Join(' ', recorded.OrderBy(record => record.Key).Select(record => record.Value)))
            problems.Add($"{handle.Id}: the result is {result}");
    }

    private static LedgerLine Read(string line)
    {
        var parts = line.Split(' ');
        return new LedgerLine(Number(parts[1]), parts[2] == "began", Number(parts[3]));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
