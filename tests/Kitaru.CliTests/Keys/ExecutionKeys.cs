namespace Kitaru.CliTests.Keys;

/// <summary>
/// The rows about executions and flows. They are called in this order in one world, in which {completed}, {failed}, {waiting} and {sleeping} are executions and {target} is a file of flows.
/// </summary>
internal static class ExecutionKeys
{
    public static IReadOnlyList<KeyCase> Cases { get; } =
    [
        new("run {target}:greet --input {\"name\":\"tea\"}", Contract.Execution),
        new("run {target}:nap --detach", Contract.Execution),
        new("build {target}:greet --input {\"name\":\"tea\"} --retries 1", Contract.Deployment),
        new("deploy {target}:greet --input {\"name\":\"tea\"} --cache", Contract.Deployment),
        new("invoke greet", Contract.Invocation),
        new("executions list", Contract.ExecutionSummary) { IsList = true },
        new("executions list --status failed --limit 1", Contract.ExecutionSummary) { IsList = true },
        new("executions get {completed}", Contract.Execution),
        new("executions get {waiting}", Contract.Execution),
        new("executions get {failed}", Contract.Execution),
        new("executions latest --flow greet", Contract.Execution),
        new("executions statistics --group-by status --metric seconds:duration:avg", "groups truncated group_count"),
        new("executions logs {completed}", Contract.LogEntry) { IsList = true },
        new("executions input {waiting} --value true", Contract.Execution),
        new("executions retry {failed}", Contract.Execution),
        new("executions replay {completed} --from hello", Contract.Execution),
        new("executions diff {completed}", "original_exec_id compared urls warnings"),
        new("executions explain {completed}", "exec_id flow_name status situation summary evidence next"),
        new("executions tag {completed} --add nightly", Contract.Execution),
        new("executions resume {sleeping}", Contract.Execution),
        new("executions cancel {sleeping}", Contract.Execution),
        new("executions delete {sleeping}", "exec_id deleted +dry_run +status +ended_at +rows +row_bytes +large_values +large_value_bytes +bytes"),
        new("flow list", Contract.Flow) { IsList = true },
        new("flow show greet", Contract.Flow),
        new("flow tag greet canary --version 1", Contract.Deployment),
        new("flow untag greet canary --version 1", Contract.Deployment),
        new("flow deployments list greet", Contract.Deployment) { IsList = true },
        new("flow deployments show greet --tag default", Contract.Deployment),
        new("flow deployments logs greet", Contract.LogEntry) { IsList = true },
        new("flow deployments curl greet", Contract.Curl + " warning_lines warning") { NeedsServer = true },
        new("flow deployments curl greet --version 1", Contract.Curl) { NeedsServer = true },
        new("flow deployments delete greet --version 1", "flow version deleted"),
    ];
}
