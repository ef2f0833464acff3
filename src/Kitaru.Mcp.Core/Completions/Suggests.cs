namespace Kitaru.Mcp.Completions;

/// <summary>What an argument is completed with.</summary>
internal enum Suggests
{
    /// <summary>Nothing: only the user knows.</summary>
    Nothing,

    /// <summary>Ids of executions, newest first.</summary>
    Executions,

    /// <summary>Ids of executions that failed, newest first.</summary>
    FailedExecutions,

    /// <summary>Ids of executions that completed, newest first.</summary>
    CompletedExecutions,

    /// <summary>Names of flows that ran or are deployed.</summary>
    Flows,

    /// <summary>Names of flows that are deployed.</summary>
    DeployedFlows,

    /// <summary>What was started lately, as it was written.</summary>
    Targets,

    /// <summary>Tags of executions.</summary>
    Tags,

    /// <summary>Tags of deployments, of the flow if one was chosen.</summary>
    DeploymentTags,

    /// <summary>Versions of the flow that was chosen, newest first.</summary>
    Versions,

    /// <summary>Names of stacks.</summary>
    Stacks,

    /// <summary>Names of the checkpoint calls of the execution that was chosen.</summary>
    Checkpoints,

    /// <summary>Ids of artifacts of the execution that was chosen; without one, inputs and results of the newest.</summary>
    Artifacts,

    /// <summary>Kinds of artifacts.</summary>
    Kinds,

    /// <summary>Levels of log lines.</summary>
    Levels,

    /// <summary>Sources of log lines.</summary>
    Sources,
}
