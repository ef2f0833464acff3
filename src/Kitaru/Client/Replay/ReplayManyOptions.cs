using System.Text.Json.Nodes;

namespace Kitaru;

/// <summary>What happens when one of several executions cannot be replayed.</summary>
public enum SubmissionErrors
{
    /// <summary>The first problem is thrown; it is looked for in all of them before any is started.</summary>
    Fail,

    /// <summary>It is listed, and the others go on.</summary>
    Collect,
}

/// <summary>What is to be different in several replays at once (runtime.md 6.2).</summary>
public sealed record ReplayManyOptions
{
    /// <summary>Flow inputs by parameter name, on top of the recorded ones.</summary>
    public JsonObject? FlowOverrides { get; init; }

    /// <summary><c>{"lookup": {"output": …}}</c>: every call of that checkpoint; the name of a repeat means that call only.</summary>
    public JsonObject? CheckpointOverrides { get; init; }

    /// <summary>The same for one call, by its name or id; it wins over <see cref="CheckpointOverrides"/>.</summary>
    public JsonObject? InvocationOverrides { get; init; }

    /// <summary>Names or ids of calls to reuse even where they would run again.</summary>
    public IReadOnlyList<string> Skip { get; init; } = [];

    /// <summary>A label for the replays.</summary>
    public string? Tag { get; init; }

    /// <summary>Whether their ends are waited for; one that asks for input is not waited for any longer.</summary>
    /// <value>Default: true for one execution, false for several.</value>
    public bool? Wait { get; init; }

    /// <summary>No longer than this is waited, counted from the beginning of the call: checking, building and starting included.</summary>
    /// <value>Default: for ever.</value>
    public TimeSpan? WaitMax { get; init; }

    /// <summary>What happens with one that cannot be replayed.</summary>
    /// <value>Default: fail for one execution, collect for several.</value>
    public SubmissionErrors? OnError { get; init; }

    /// <summary>Only plan: nothing is started.</summary>
    public bool DryRun { get; init; }

    /// <summary>The code they run.</summary>
    /// <value>Default: for executions of a deployment the deployment's code; else the target's present code, or the recorded code where its source is gone.</value>
    public ExecutionCode? Code { get; init; }
}
