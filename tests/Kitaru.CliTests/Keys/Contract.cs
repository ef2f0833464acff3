namespace Kitaru.CliTests.Keys;

/// <summary>Keys of what commands answer, copied by hand from the contract. Ours, which come on top, stand behind a plus.</summary>
internal static class Contract
{
    public const string SecretSummary = "id name visibility keys keys_known has_missing_values";
    public const string SecretShown = SecretSummary + " values";

    public const string ExecutionSummary = ExecutionHead + " +tags +created_at +target";
    public const string Execution = ExecutionHead + " frozen_execution_spec original_exec_id llm_usage_records checkpoints artifacts"
        + " +inputs +result +tags +created_at +target +snapshot_id +pending_waits +waits +retries_used +takeovers +reopened +deployment +replay_plan";
    public const string Checkpoint = "call_id name checkpoint_type status started_at ended_at metadata original_call_id parent_call_ids failure attempts artifacts llm_usage_records"
        + " +cache_status +cached_call_id";
    public const string Attempt = "attempt_id status started_at ended_at metadata failure llm_usage_records +interrupted";
    public const string PendingWait = "wait_id name question schema metadata entered_waiting_at";
    public const string Failure = "message exception_type traceback origin";
    public const string Artifact = "artifact_id name kind save_type producing_call metadata ?direction ?input_type +media_type +size_bytes";
    public const string LogEntry = "message ?level ?timestamp ?source ?checkpoint_name ?module ?filename ?lineno";
    public const string Deployment = "deployment_id flow version tags commit_sha commit_dirty image_digest created_at schema stack +inputs +image +cache +retries +target +snapshot_id";
    public const string Flow = "flow deployment_count latest_version default_version tags deployments";
    public const string Invocation = "exec_id flow selector execution warning";
    public const string Curl = "flow selector resolved_deployment_version deployment_id server_url invoke_url token_env_var token_command request_body curl_command";

    private const string ExecutionHead = "exec_id flow_id flow_name status started_at ended_at stack_name status_reason pending_wait failure metadata checkpoint_count artifact_count llm_usage_summary";

    /// <summary>The keys that an item must have, and those it may have.</summary>
    public static (IReadOnlySet<string> Must, IReadOnlySet<string> May) Read(string keys)
    {
        var words = keys.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var must = words.Where(word => word[0] is not ('+' or '?')).ToHashSet();
        return (must, must.Union(words.Where(word => word[0] is '+' or '?').Select(word => word[1..])).ToHashSet());
    }
}
