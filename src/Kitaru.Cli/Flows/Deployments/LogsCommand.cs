using Kitaru.Cli.Commands;
using Kitaru.Cli.Executions;
using Kitaru.Core;

namespace Kitaru.Cli.Flows.Deployments;

/// <summary>kitaru flow deployments logs.</summary>
internal static class LogsCommand
{
    public static LeafCommand Create()
    {
        var (flow, selector, options) = (FlowOptions.Flow(), new Selector(), new LogOptions());
        var id = CommonOptions.Text("--exec-id", "EXEC_ID", "This execution instead of the deployment's newest one.");
        var command = new LeafCommand(
            "flow.deployments.logs", "Shows the log of the newest execution of a deployed version.", "kitaru flow deployments logs research_agent --tag stable --follow",
            (call, cancellationToken) => options.AnswerAsync(
                call, stop => call.Get(id) is { } text ? ExecutionIds.FindAsync(call.Client, text, stop) : NewestAsync(call, selector, call.Get(flow), stop), cancellationToken))
        {
            flow,
            selector.Version,
            selector.Tag,
            id,
        };
        options.AddTo(command);
        return command;
    }

    private static async Task<ExecutionId> NewestAsync(CommandCall call, Selector selector, string flow, CancellationToken cancellationToken)
    {
        var deployment = await selector.FindAsync(call, flow, cancellationToken);
        var page = await call.Client.Executions.ListAsync(new ExecutionQuery { Flow = deployment.Flow, Deployment = deployment.Id, Limit = 1 }, cancellationToken);
        return page.Items is [var newest, ..] ? newest.Id : throw new KitaruLookupException(
            $"Version {deployment.Version} of flow '{deployment.Flow}' has no execution.", $"Start one with kitaru invoke {deployment.Flow} --version {deployment.Version}, or name one with --exec-id.");
    }
}
