using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>The output of a call as an artifact: it has no row of its own and carries the call's id.</summary>
internal static class StepOutput
{
    public static ArtifactRecord Of(ExecutionId execution, string flow, string key, string? callType, StoredValue value) => new()
    {
        Id = new ArtifactId(IdFactory.Derive(execution, key)),
        ExecutionId = execution,
        Name = $"{flow}::{key}::output",
        Kind = callType switch { "llm_call" => "response", "tool_call" => "output", _ => null },
        SaveType = "step_output",
        ProducingCall = key,
        Value = value,
    };
}
