using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.Mcp.Artifacts;

/// <summary>Finds what can be read as an artifact: one by its id, or an execution's inputs or result.</summary>
internal static class ArtifactLookup
{
    public static async Task<ArtifactRecord> FindAsync(IControlPlane kitaru, string text, CancellationToken cancellationToken)
    {
        if (text.Split(':') is not [var owner, ("inputs" or "result") and var part])
            return await kitaru.Artifacts.GetAsync(ArtifactId.Parse(text), cancellationToken);
        var id = ExecutionId.Parse(owner);
        var execution = await kitaru.Executions.FindAsync(id, cancellationToken)
            ?? throw new KitaruNotFoundException($"There is no execution {id}.", "List executions with kitaru_executions_list.");
        var value = (part == "inputs" ? execution.Inputs : execution.Result)
            ?? throw new KitaruStateException(
                $"Execution {id} has no result: its status is {StatusWords.Of(execution.Status)}.",
                "Wait for it with kitaru_executions_get(exec_id, wait_seconds=50); a completed flow without a result returned nothing.");
        return new ArtifactRecord
        {
            Id = new ArtifactId(id.Value),
            ExecutionId = id,
            Name = part,
            Kind = part == "inputs" ? "input" : "output",
            SaveType = "external",
            Value = value,
        };
    }
}
