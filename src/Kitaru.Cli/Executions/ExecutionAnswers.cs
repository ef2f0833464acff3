using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Executions;

/// <summary>One execution in full, as most commands answer it.</summary>
internal static class ExecutionAnswers
{
    public static async Task<Answer> FullAsync(CommandCall call, ExecutionId id, CancellationToken cancellationToken, string? warning = null)
    {
        var controlPlane = await call.Client.OpenAsync(cancellationToken);
        var detail = await controlPlane.Executions.GetAsync(id, cancellationToken);
        var json = await ExecutionJson.FullAsync(detail, controlPlane.Artifacts, cancellationToken);
        return Answer.Item(json, ExecutionText.Snapshot(detail, json)) with
        {
            Hints = ExecutionText.Hints(detail.Execution),
            Warnings = warning is null ? [] : [warning],
        };
    }
}
