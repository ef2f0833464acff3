using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Completions;
using Kitaru.Mcp.Executions;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Resources;

/// <summary>An execution, its checkpoint calls and its artifacts.</summary>
internal static class ExecutionResources
{
    private const int CallsSeenMax = 500;

    public static IReadOnlyList<KitaruResource> All() =>
    [
        Of("kitaru://executions/{exec_id}", "execution", "Execution", "One execution in full, as kitaru_executions_get answers it.") with
        {
            ReadAsync = async (call, stop) => Pieces.Json(call, await ExecutionAnswers.FullAsync(await call.Backend.OpenAsync(stop), call.ExecutionId, stop)),
        },
        Of("kitaru://executions/{exec_id}/checkpoints{?offset,limit}", "checkpoints", "Checkpoints of an execution", "Its checkpoint calls in the order they were started; next is the uri of the page behind.") with
        {
            ReadAsync = async (call, stop) =>
            {
                var detail = await DetailAsync(call, stop);
                return Pieces.Page(call, [.. detail.Calls.Select(CallJson.Of)], ["executions", detail.Execution.Id.ToString(), "checkpoints"]);
            },
        },
        Of("kitaru://executions/{exec_id}/checkpoints/{checkpoint}", "checkpoint", "Checkpoint", "One checkpoint call by its name, such as draft_2: attempts, failure, artifacts.") with
        {
            Suggests = Suggested(("checkpoint", Suggests.Checkpoints)),
            ReadAsync = async (call, stop) =>
            {
                var (detail, name) = (await DetailAsync(call, stop), call.Value("checkpoint"));
                var found = detail.Calls.FirstOrDefault(one => one.Name == name) ?? throw new KitaruNotFoundException(
                    $"Execution {detail.Execution.Id} has no checkpoint call '{Texts.Short(name, 80)}'.{Texts.DidYouMean(name, detail.Calls.Select(one => one.Name))}",
                    $"Read {ResourceAddress.OfExecution(detail.Execution.Id, "checkpoints")} for those it has.");
                return Pieces.Json(call, CallJson.Of(found));
            },
        },
        Of("kitaru://executions/{exec_id}/artifacts{?offset,limit}", "artifacts", "Artifacts of an execution", "References to its recorded values, each with the uri of the value; next is the uri of the page behind.") with
        {
            ReadAsync = async (call, stop) =>
            {
                var detail = await DetailAsync(call, stop);
                return Pieces.Page(call, [.. detail.Artifacts.Select(Reference)], ["executions", detail.Execution.Id.ToString(), "artifacts"]);
            },
        },
    ];

    public static Dictionary<string, Suggests> Suggested(params (string Name, Suggests With)[] more) =>
        more.Prepend(("exec_id", Suggests.Executions)).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);

    /// <exception cref="KitaruNotFoundException">There is none.</exception>
    public static async Task<ExecutionRecord> FindAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var (id, kitaru) = (call.ExecutionId, await call.Backend.OpenAsync(cancellationToken));
        return await kitaru.Executions.FindAsync(id, cancellationToken)
            ?? throw new KitaruNotFoundException($"There is no execution {id}.", "Take one of resources/list.");
    }

    /// <summary>How an execution stands: what everybody reads of it, and how far its calls are.</summary>
    public static async Task<ResourceState> StateAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var execution = await FindAsync(call, cancellationToken);
        var mark = KitaruJson.Write(ExecutionJson.Summary(execution));
        // A call that returns nothing leaves no other trace; of a very long execution only what is counted is looked at.
        if (execution.CheckpointCount <= CallsSeenMax)
        {
            var detail = await DetailAsync(call, cancellationToken);
            mark += $"/{detail.Calls.Count(one => one.EndedAt is not null)}/{detail.Calls.Sum(one => one.Attempts.Count)}/{detail.Waits.Count(wait => wait.ResolvedAt is not null)}";
        }
        return new ResourceState(mark, StatusWords.IsEnd(execution.Status));
    }

    private static KitaruResource Of(string template, string name, string title, string description) => new()
    {
        Pattern = new UriPattern(template),
        Name = name,
        Title = title,
        Description = description,
        MimeType = StoredValue.Json,
        Toolset = Toolsets.Executions,
        Suggests = Suggested(),
        ReadAsync = (_, _) => throw new InvalidOperationException("It says itself how it is read."),
        StateAsync = StateAsync,
    };

    private static async Task<ExecutionDetail> DetailAsync(ResourceCall call, CancellationToken cancellationToken) =>
        await (await call.Backend.OpenAsync(cancellationToken)).Executions.GetAsync(call.ExecutionId, cancellationToken);

    private static JsonObject Reference(ArtifactRecord artifact)
    {
        var reference = ArtifactJson.Of(artifact);
        ResultBudget.LeaveOutLarge(reference, "metadata", "kitaru_artifacts_get");
        reference["uri"] = ResourceAddress.OfArtifact(artifact.Id.ToString());
        return reference;
    }
}
