using Kitaru.Core;

namespace Kitaru.ControlPlane.Stacks.Local;

/// <summary>The server whose executions a machine runs, when they are not those of its own store.</summary>
public sealed record WorkerServer
{
    /// <summary>The environment variable that hands a worker its token; out of the command line, which everybody on the machine can read.</summary>
    public const string TokenVariable = "KITARU_WORKER_TOKEN";

    /// <summary>The server's address.</summary>
    public required Uri Url { get; init; }

    /// <summary>The project, by name or id; null for the credential's only one.</summary>
    public string? Project { get; init; }

    /// <summary>Whether tokens may go to another machine unencrypted.</summary>
    public bool AllowCleartext { get; init; }

    /// <summary>Gets a credential for a worker that is about to be started: good for the executions it will hold and for nothing else.</summary>
    public required Func<WorkerId, WorkerKind, CancellationToken, Task<string>> IssueToken { get; init; }
}
