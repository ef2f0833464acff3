namespace Kitaru.SimulationTests.Programs;

/// <summary>A flow as a tree: made from a seed, run by an interpreter in the real engine, and worked out naively beside it.</summary>
/// <param name="Id">Unique within its program; part of every value and of every name.</param>
internal abstract record Node(int Id);

/// <summary>A checkpoint call.</summary>
/// <param name="Hops">How often its body gives way to others.</param>
/// <param name="Lasts">How long its body takes.</param>
/// <param name="Failures">How often its body fails before it succeeds.</param>
/// <param name="Retries">How often it is tried again.</param>
/// <param name="Hangs">Whether it exceeds its time limit the first time, instead of failing.</param>
/// <param name="Synchronous">Whether the flow blocks on it.</param>
internal sealed record Step(int Id, string Name, int Hops, TimeSpan Lasts, int Failures, int Retries, bool Hangs, bool Synchronous) : Node(Id)
{
    public const int ForEver = int.MaxValue;

    /// <summary>Fails in the end, at least in the first try of its flow.</summary>
    public bool Fails => Failures > Retries;
}

internal sealed record Sequence(int Id, IReadOnlyList<Node> Nodes) : Node(Id);

/// <summary>All branches at once; goes on when all have ended.</summary>
internal sealed record Together(int Id, IReadOnlyList<Node> Branches) : Node(Id);

/// <summary>All branches at once; goes on with the first, and then with all or without the others.</summary>
internal sealed record Race(int Id, IReadOnlyList<Node> Branches, bool AwaitsRest) : Node(Id);

internal sealed record Repeat(int Id, int Times, Node Body) : Node(Id);

/// <summary>Catches the failure of a checkpoint.</summary>
internal sealed record Caught(int Id, Node Body) : Node(Id);

/// <summary>A wait for an answer.</summary>
internal sealed record Question(int Id, TimeSpan Stays, bool CatchesAbort) : Node(Id)
{
    public string Name => "ask" + Id;

    /// <summary>The right answer.</summary>
    public int Answer => Id * 7 + 1;
}

internal sealed record Nap(int Id, TimeSpan Duration) : Node(Id);

/// <summary>Sets metadata of the execution.</summary>
internal sealed record Note(int Id) : Node(Id)
{
    public string Key => "note" + Id;
}

/// <summary>Looks at the recorded clock, ids and random numbers.</summary>
internal sealed record Look(int Id) : Node(Id);

/// <summary>A flow.</summary>
/// <param name="Retries">How often the whole flow is tried again.</param>
/// <param name="Questions">All it may ask.</param>
/// <param name="HasOwnNames">Each branch has names of its own, so that it can be retried and replayed.</param>
internal sealed record FlowProgram(string Name, Node Root, int Retries, IReadOnlyList<Question> Questions, bool HasOwnNames);
