namespace Kitaru.Mcp.Tools;

/// <summary>Groups of tools that are switched on and off together.</summary>
internal static class Toolsets
{
    public const string Status = "status";
    public const string Executions = "executions";
    public const string Replay = "replay";
    public const string Deployments = "deployments";
    public const string Flows = "flows";
    public const string Stacks = "stacks";
    public const string Secrets = "secrets";
    public const string Storage = "storage";

    /// <summary>All of them, in the order in which their tools are listed.</summary>
    public static IReadOnlyList<string> All { get; } = [Status, Executions, Replay, Deployments, Flows, Stacks, Secrets, Storage];
}
