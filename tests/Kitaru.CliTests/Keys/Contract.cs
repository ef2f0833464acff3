namespace Kitaru.CliTests.Keys;

/// <summary>Keys of what commands answer, copied by hand from the contract. Ours, which come on top, stand behind a plus; one that may be missing behind a question mark.</summary>
internal static class Contract
{
    public const string SecretSummary = "id name visibility keys keys_known has_missing_values";
    public const string SecretShown = SecretSummary + " values";
    public const string SecretWritten = SecretSummary + " result";

    public const string RuntimeSnapshot =
        "sdk_version connection connection_target config_directory server_url active_user project_override active_stack repository_root server_version server_database "
        + "server_deployment_type local_server_status warning log_store_status log_store_warning environment kitaru_global_config_path zenml_global_config_path local_stores_path "
        + "repository_config_path uses_repo_local_config connection_sources active_project active_stack_provenance active_project_provenance python_version system_info environment_type "
        + "zenml_version packages +dotnet_version +retention +database_bytes";

    public const string StackItem = "id name is_active is_managed";
    public const string StackCurrent = "id name is_active";
    public const string StackCreated = "id name is_active previous_active_stack components_created stack_type ?service_connectors_created ?resources";
    public const string StackDeleted = "deleted_stack components_deleted new_active_stack recursive";
    public const string StackShown = "id name is_active is_managed stack_type components";

    public const string Logout = "mode target local_fallback_available local_server_stopped";

    public const string Cleaned =
        "scope dry_run aborted backup_path deleted_paths local_server_stopped local_server_force_killed_pid local_server_status reinitialized_project warnings active_environment_overrides "
        + "preview total_bytes";

    public const string ServiceAccount = "service_account_id name full_name description active created_at updated_at avatar_url +is_admin +roles";
    public const string ServiceAccountDeleted = "name_or_id deleted";
    public const string ApiKey =
        "api_key_id name service_account_id service_account_name description active created_at updated_at last_login last_rotated retain_period_minutes +expires_at";
    public const string ApiKeyIssued = ApiKey + " key local_key_activation_requested local_key_activation_succeeded local_key_activation_error";
    public const string ApiKeyDeleted = "service_account name_or_id deleted";

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
