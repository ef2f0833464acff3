using Kitaru.Mcp.Completions;

namespace Kitaru.Mcp.Prompts;

/// <summary>The nine prompts, in the order of the contract. Each leads to at most four calls; of two with one name the first one counts whose tools are there.</summary>
internal static class PromptCatalog
{
    private const string Run = "kitaru_executions_run";
    private const string Get = "kitaru_executions_get";
    private const string List = "kitaru_executions_list";
    private const string Latest = "kitaru_executions_latest";
    private const string Statistics = "kitaru_executions_statistics";
    private const string Replay = "kitaru_executions_replay";
    private const string Input = "kitaru_executions_input";
    private const string Invoke = "kitaru_deployments_invoke";
    private const string Deploy = "kitaru_deployments_deploy";

    private const string Watch =
        "While status is running: kitaru_executions_get(exec_id, wait_seconds=50), twice at most. waiting: show me the question and stop there. failed: say what failure says. "
        + "Tell me the execution id, the status and the result.";

    public static IReadOnlyList<KitaruPrompt> All { get; } =
    [
        Status(), Health(), TagCohorts(), StartAndWatch(), InvokeAndWatch(), ResolveAWait(), ReplayFailed(), Results(), Stack(), DeployCanary(),
    ];

    private static KitaruPrompt Status() => new()
    {
        Name = "status",
        Title = "Status and newest executions",
        Description = "Kitaru's status, the newest executions, and what waits for input.",
        Tools = ["kitaru_status", List],
        Write = _ =>
            "Show my Kitaru status and the five newest executions; say what waits for input.\n\n"
            + "Two calls: kitaru_status, then kitaru_executions_list(limit=5). For each execution: id, flow, status, when it started; for a waiting one the question of pending_wait.",
    };

    private static KitaruPrompt Health() => new()
    {
        Name = "health",
        Title = "Execution health",
        Description = "Health of executions by status and by day, from statistics.",
        Tools = [Statistics, List],
        Inputs = [Flow()],
        Write = given =>
            $"Summarise execution health by status and by day from statistics{OfFlow(given)}; fetch single executions only where an aggregate looks bad.\n\n"
            + "First kitaru_executions_statistics(group_by=[\"status\",\"time:day\",\"flow\"], metrics=[\"duration_avg:duration:avg\",\"duration_max:duration:max\"]"
            + $"{FlowArgument(given)}). Only where failures or durations stand out: kitaru_executions_list(status=\"failed\", flow=..., limit=10), once or twice. Numbers first, then what is bad and why.",
    };

    private static KitaruPrompt TagCohorts() => new()
    {
        Name = "tag_cohorts",
        Title = "Compare tags",
        Description = "Completed against failed executions for some tags.",
        Tools = [Statistics, List],
        Inputs = [new("tags", "Tags", "Tags, with commas between them; without it nightly and customer-facing.", Suggests.Tags, Preset: "nightly, customer-facing")],
        Write = given =>
        {
            var tags = string.Join(" and ", given("tags").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(tag => $"`{tag}`"));
            return $"Compare completed with failed executions for the tags {tags}; aggregates first, single executions only for an unhealthy cohort.\n\n"
                + "One kitaru_executions_statistics(group_by=[\"tag\",\"status\"], metrics=[\"duration_avg:duration:avg\",\"steps_avg:step_count:avg\"]) has all tags: read those groups from it. Only "
                + "for a tag of which many failed: kitaru_executions_list(status=\"failed\", tags=[tag], limit=10). An execution with both tags counts in both.";
        },
    };

    private static KitaruPrompt StartAndWatch() => new()
    {
        Name = "start_and_watch",
        Title = "Run and watch",
        Description = "Runs a flow and watches it until it finishes.",
        Tools = [Run, Get],
        Inputs = [Target(), Inputs()],
        Write = given =>
            $"Run `{given("target")}`{With(given)} and watch it until it finishes.\n\n"
            + $"kitaru_executions_run(target=\"{given("target")}\", args={{...}}, wait_seconds=50). {Watch}",
    };

    private static KitaruPrompt InvokeAndWatch() => StartAndWatch() with
    {
        Description = "Invokes a deployed flow and watches it until it finishes.",
        Tools = [Invoke, Get],
        Inputs = [new("target", "Deployed flow", "The name of a deployed flow.", Suggests.DeployedFlows, Required: true), Inputs()],
        Write = given =>
            $"Run the deployed flow `{given("target")}`{With(given)} and watch it until it finishes.\n\n"
            + $"kitaru_deployments_invoke(flow=\"{given("target")}\", inputs={{...}}, wait_seconds=50). {Watch}",
    };

    private static KitaruPrompt ResolveAWait() => new()
    {
        Name = "resolve_a_wait",
        Title = "Answer what waits",
        Description = "Finds the execution that waits, asks you its question, and answers it with what you say.",
        Tools = [List, Input, Get],
        Inputs = [Flow()],
        Write = given =>
            $"Find waiting executions{OfFlow(given)}; if exactly one waits, show the question and ask me for the value before calling the input tool.\n\n"
            + $"First kitaru_executions_list(status=\"waiting\"{FlowArgument(given)}). None: say so. Several: list their questions and ask me which one. Then wait for my answer: never make one up. With it "
            + "kitaru_executions_input(exec_id, wait=pending_wait.name, value as pending_wait.schema asks), then kitaru_executions_get(exec_id, wait_seconds=50).",
    };

    private static KitaruPrompt ReplayFailed() => new()
    {
        Name = "replay",
        Title = "Replay a failure",
        Description = "Plans a replay of a failed execution from the checkpoint before the failing one, explains it, and runs it when you agree.",
        Tools = [Latest, Get, Replay],
        Inputs =
        [
            new("exec_id", "Execution", "The failed execution; without it the latest one.", Suggests.FailedExecutions),
            new("from", "Checkpoint", "The checkpoint to replay from; without it the one before the failing one.", Suggests.Checkpoints),
        ],
        Write = given =>
        {
            var which = given("exec_id") is { Length: > 0 } id ? $"execution `{id}`" : "the latest failed execution";
            var first = given("exec_id") is { Length: > 0 } known ? $"kitaru_executions_get(exec_id=\"{known}\")" : "kitaru_executions_latest(status=\"failed\")";
            var from = given("from") is { Length: > 0 } checkpoint ? $"the checkpoint `{checkpoint}`" : "the checkpoint before the failing one";
            return $"Replay {which} from {from}; explain the plan before running it.\n\n"
                + $"First {first}: checkpoints stand in the order they were called, and the failing one has status failed. Then kitaru_executions_replay(exec_id, from_=<that checkpoint>, dry_run=true): say "
                + "which calls are reused, which run again, and what may happen once more by that. Wait for my yes, then the same call with dry_run=false and wait_seconds=50; tell me the new execution's id and how it ended.";
        },
    };

    private static KitaruPrompt Results() => new()
    {
        Name = "results",
        Title = "Show results",
        Description = "The artifacts of a completed execution.",
        Tools = [Latest, Get, "kitaru_artifacts_get"],
        Inputs =
        [
            new("exec_id", "Execution", "The execution; without it the latest completed one.", Suggests.CompletedExecutions),
            new("kind", "Kind", "Which artifacts: prompt, response, context, input, output or blob; without it response.", Suggests.Kinds, Preset: "response"),
        ],
        Write = given =>
        {
            var which = given("exec_id") is { Length: > 0 } id ? $"execution `{id}`" : "the latest completed execution";
            var first = given("exec_id") is { Length: > 0 } known ? $"kitaru_executions_get(exec_id=\"{known}\")" : "kitaru_executions_latest(status=\"completed\")";
            return $"Get {which} and show its `{given("kind")}` artifacts.\n\n"
                + $"{first} lists all artifacts with their kind; then kitaru_artifacts_get(artifact_id) for those of kind {given("kind")}, the newest two at most. None of that kind: say so, name the kinds there "
                + "are, and show result.";
        },
    };

    private static KitaruPrompt Stack() => new()
    {
        Name = "stack",
        Title = "Make a local stack",
        Description = "Creates a local stack if there is none of that name, then shows the status.",
        Tools = ["kitaru_stacks_list", "manage_stack", "kitaru_status"],
        Inputs = [new("name", "Name", "The stack's name; without it local-dev.", Suggests.Stacks, Preset: "local-dev")],
        Write = given =>
            $"Create a local stack named `{given("name")}` if there is none, then show the status.\n\n"
            + $"First kitaru_stacks_list. Only if no stack has that name: manage_stack(action=\"create\", name=\"{given("name")}\"), which also makes it the active one. Then kitaru_status.",
    };

    private static KitaruPrompt DeployCanary() => new()
    {
        Name = "deploy",
        Title = "Deploy and try",
        Description = "Deploys a flow under a tag and invokes that route once.",
        Tools = [Deploy, Invoke],
        Inputs = [Target(), Inputs(), new("tag", "Tag", "The route's tag; without it canary.", Suggests.DeploymentTags, Preset: "canary")],
        Write = given =>
            $"Deploy `{given("target")}`{With(given)} as {given("tag")}, invoke the {given("tag")} route, show the execution id.\n\n"
            + $"kitaru_deployments_deploy(target=\"{given("target")}\", inputs={{...}}, tag=\"{given("tag")}\", exclusive=true), then kitaru_deployments_invoke(flow=<flow it answered>, tag=\"{given("tag")}\", "
            + "wait_seconds=20). Tell me version, execution id and status; it goes on by itself.",
    };

    private static PromptInput Flow() => new("flow", "Flow", "Only executions of this flow.", Suggests.Flows);

    private static PromptInput Target() => new("target", "Target", "What to run, such as flows/Research.cs:research_agent.", Suggests.Targets, Required: true);

    private static PromptInput Inputs() => new("inputs", "Inputs", "The flow's inputs, such as topic=\"durable execution\".");

    private static string With(Func<string, string> given) => given("inputs") is { Length: > 0 } inputs ? $" with {inputs}" : "";

    private static string OfFlow(Func<string, string> given) => given("flow") is { Length: > 0 } flow ? $" of the flow `{flow}`" : "";

    private static string FlowArgument(Func<string, string> given) => given("flow") is { Length: > 0 } flow ? $", flow=\"{flow}\"" : "";
}
