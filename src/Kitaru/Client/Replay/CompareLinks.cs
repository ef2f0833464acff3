using System.Globalization;
using Kitaru.Core;

namespace Kitaru.Client;

/// <summary>Links to pages that show executions beside each other (runtime.md 6.3).</summary>
/// <param name="uiUrl">Where the user interface is, or null.</param>
internal sealed class CompareLinks(string? uiUrl)
{
    /// <summary>A link names at most this many executions.</summary>
    private const int ExecutionsMax = 1 + DiffRequest.ReplaysLimit;

    private const string NotDeployed = "local";

    /// <summary>Null without a user interface, and for more executions than one page shows.</summary>
    /// <param name="flow">Their flow.</param>
    /// <param name="version">The version of the deployment that the first of them came from; null for none.</param>
    /// <param name="executions">The executions.</param>
    public string? Of(FlowId flow, int? version, params IReadOnlyList<ExecutionId> executions) =>
        Uri.TryCreate(uiUrl?.Trim(), UriKind.Absolute, out var root) && root.Scheme is "http" or "https" && executions.Count is > 1 and <= ExecutionsMax
            ? $"{root.GetLeftPart(UriPartial.Path).TrimEnd('/')}/flows/{flow}/v/{version?.ToString(CultureInfo.InvariantCulture) ?? NotDeployed}/compare?executions={string.Join(',', executions)}"
            : null;
}
