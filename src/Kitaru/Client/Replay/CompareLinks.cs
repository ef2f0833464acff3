using Kitaru.Core;

namespace Kitaru.Client;

/// <summary>Links to pages that show executions beside each other (runtime.md 6.3).</summary>
/// <param name="uiUrl">Where the user interface is, or null.</param>
internal sealed class CompareLinks(string? uiUrl)
{
    /// <summary>A link names at most this many executions.</summary>
    private const int ExecutionsMax = 1 + DiffRequest.ReplaysLimit;

    /// <summary>Null without a user interface, and for more executions than one page shows.</summary>
    public string? Of(FlowId flow, params IReadOnlyList<ExecutionId> executions) =>
        Uri.TryCreate(uiUrl?.Trim(), UriKind.Absolute, out var root) && root.Scheme is "http" or "https" && executions.Count is > 1 and <= ExecutionsMax
            ? $"{root.GetLeftPart(UriPartial.Path).TrimEnd('/')}/flows/{flow}/v/local/compare?executions={string.Join(',', executions)}"
            : null;
}
