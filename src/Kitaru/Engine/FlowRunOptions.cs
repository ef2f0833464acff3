using Kitaru.Core;
using Kitaru.Secrets;

namespace Kitaru.Engine;

/// <summary>What a run needs from its host.</summary>
internal sealed record FlowRunOptions
{
    public required IControlPlane ControlPlane { get; init; }

    public required TimeProvider Time { get; init; }

    public WorkQueue Work { get; init; } = new();

    /// <summary>The secrets this process has read.</summary>
    public KnownSecrets Secrets { get; init; } = new();

    public IServiceProvider? Services { get; init; }

    /// <summary>Names the code, so that results are reused by executions of the same code only; null when nothing is reused.</summary>
    public string? Code { get; init; }

    /// <summary>Asked at every idle point: let go of waits and sleeps at once, for the process should end.</summary>
    public Func<bool> LetGo { get; init; } = static () => false;

    /// <summary>Told when the run begins to rest: its place is free for another.</summary>
    public Action Rested { get; init; } = static () => { };

    /// <summary>Asked before a call is started: the process was told to stop, so finish what runs and hand the rest over.</summary>
    public Func<bool> Draining { get; init; } = static () => false;

    /// <summary>
    /// Asked before an attempt of a checkpoint begins: whether the execution is certainly still this run's. Whoever was cut off or stood still for longer than a lease would
    /// otherwise repeat a step that the run which took over has recorded.
    /// </summary>
    public Func<FlowRun, ValueTask<bool>> StillHolds { get; init; } = static _ => new ValueTask<bool>(true);

    /// <summary>
    /// Asked before the body sees what this run has recorded, and before it ends: let the next run show it to the body, from the top. Whoever says
    /// yes is draining too.
    /// </summary>
    public Func<bool> MustReenter { get; init; } = static () => false;
}

/// <summary>How a run ended on this worker.</summary>
internal enum RunEnd
{
    /// <summary>The execution ended.</summary>
    Finished,

    /// <summary>It waits, sleeps or was handed over.</summary>
    Released,

    /// <summary>The lease was lost, or it was cancelled.</summary>
    Lost,
}
