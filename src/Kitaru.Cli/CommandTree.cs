using System.CommandLine;
using Kitaru.Cli.Commands;

namespace Kitaru.Cli;

/// <summary>All commands, in the order in which help lists them. A new command is one file in its noun's folder and one line here.</summary>
internal sealed class CommandTree : RootCommand
{
    public const string ProgramName = "kitaru";

    private CommandTree()
        : base("Kitaru runs C# flows durably: every checkpoint is recorded, so that an execution survives crashes and can wait for days.")
    {
        Options.Clear();
        Directives.Clear();
        Options.Add(Help);
        Options.Add(Version);
    }

    public Option<bool> Help { get; } = new("--help", "-h", "-?") { Description = "Shows help.", Recursive = true };

    public Option<bool> Version { get; } = new("--version", "-V") { Description = "Shows the version." };

    public static CommandTree Create() =>
    [
        Projects.InitCommand.Create(),
        Connection.LoginCommand.Create(),
        Connection.LogoutCommand.Create(),
        Connection.StatusCommand.Create(),
        Connection.InfoCommand.Create(),
        Runs.RunCommand.Create(),
        Runs.BuildCommand.Create(),
        Runs.DeployCommand.Create(),
        Runs.InvokeCommand.Create(),
        Executions(),
        Flows(),
        Group(
            "secrets", "Values for flows, encrypted in the store.",
            Secrets.SetCommand.Create(), Secrets.ShowCommand.Create(), Secrets.ListCommand.Create(), Secrets.DeleteCommand.Create()),
        Group(
            "stack", "Where executions run.",
            Stacks.ListCommand.Create(), Stacks.CurrentCommand.Create(), Stacks.ShowCommand.Create(), Stacks.UseCommand.Create(), Stacks.CreateCommand.Create(), Stacks.DeleteCommand.Create()),
        Group(
            "auth", "Who may use a server.",
            Auth.TokenCommand.Create(),
            Group(
                "service-accounts", "Those who use a server and are no people.",
                Auth.ServiceAccounts.CreateCommand.Create(), Auth.ServiceAccounts.ListCommand.Create(), Auth.ServiceAccounts.ShowCommand.Create(), Auth.ServiceAccounts.UpdateCommand.Create(),
                Auth.ServiceAccounts.GrantCommand.Create(), Auth.ServiceAccounts.DeleteCommand.Create()),
            Group(
                "api-keys", "Their credentials.",
                Auth.ApiKeys.CreateCommand.Create(), Auth.ApiKeys.ListCommand.Create(), Auth.ApiKeys.ShowCommand.Create(), Auth.ApiKeys.UpdateCommand.Create(), Auth.ApiKeys.RotateCommand.Create(),
                Auth.ApiKeys.DeleteCommand.Create())),
        Group(
            "server", "The local server, and servers for a team.",
            Servers.StartCommand.Create(), Servers.StopCommand.Create(), Servers.StatusCommand.Create(), Servers.RunCommand.Create()),
        Servers.WorkerCommand.Create(),
        Transfers.ExportCommand.Create(),
        Transfers.ImportCommand.Create(),
        Transfers.BackupCommand.Create(),
        Transfers.RestoreCommand.Create(),
        Group(
            "clean", "Deletes what Kitaru keeps on this machine.",
            Cleaning.CleanCommand.Create(CleanScope.Project), Cleaning.CleanCommand.Create(CleanScope.Global), Cleaning.CleanCommand.Create(CleanScope.All)),
        Group("mcp", "Kitaru for coding assistants.", Mcp.InstallCommand.Create(), Mcp.StartCommand.Create()),
        Group("completion", "Completes kitaru's words in your shell.", [.. Completion.CompletionScripts.Shells.Select(Completion.CompletionCommand.Create)]),
        Completion.CompleteCommand.Create(),
    ];

    private static GroupCommand Executions() => Group(
        "executions", "Executions of flows: looked at, answered, steered.",
        Kitaru.Cli.Executions.ListCommand.Create(), Kitaru.Cli.Executions.GetCommand.Create(), Kitaru.Cli.Executions.LatestCommand.Create(),
        Kitaru.Cli.Executions.LogsCommand.Create(), Kitaru.Cli.Executions.InputCommand.Create(), Kitaru.Cli.Executions.ExplainCommand.Create(),
        Kitaru.Cli.Executions.RetryCommand.Create(), Kitaru.Cli.Executions.ReplayCommand.Create(), Kitaru.Cli.Executions.DiffCommand.Create(),
        Kitaru.Cli.Executions.ResumeCommand.Create(), Kitaru.Cli.Executions.CancelCommand.Create(), Kitaru.Cli.Executions.TagCommand.Create(),
        Kitaru.Cli.Executions.DeleteCommand.Create(), Kitaru.Cli.Executions.StatisticsCommand.Create());

    private static GroupCommand Flows() => Group(
        "flow", "Deployed flows: their versions and tags.",
        Kitaru.Cli.Flows.ListCommand.Create(), Kitaru.Cli.Flows.ShowCommand.Create(), Kitaru.Cli.Flows.TagCommand.Create(), Kitaru.Cli.Flows.UntagCommand.Create(),
        Group(
            "deployments", "The versions of a flow.",
            Kitaru.Cli.Flows.Deployments.ListCommand.Create(), Kitaru.Cli.Flows.Deployments.ShowCommand.Create(), Kitaru.Cli.Flows.Deployments.LogsCommand.Create(),
            Kitaru.Cli.Flows.Deployments.CurlCommand.Create(), Kitaru.Cli.Flows.Deployments.DeleteCommand.Create()));

    private static GroupCommand Group(string name, string description, params Command[] commands)
    {
        var group = new GroupCommand(name, description);
        foreach (var command in commands)
            group.Add(command);
        return group;
    }
}
