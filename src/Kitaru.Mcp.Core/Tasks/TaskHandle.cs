using System.Text.Json.Serialization;
using ModelContextProtocol.Protocol;

namespace Kitaru.Mcp.Tasks;

/// <summary>What a call answers in place of its result: the execution goes on, and is asked for under this id.</summary>
internal sealed class TaskHandle : Result
{
    public required string TaskId { get; init; }

    public required string Status { get; init; }

    public string? StatusMessage { get; init; }

    public required string CreatedAt { get; init; }

    public required string LastUpdatedAt { get; init; }

    /// <summary>Null: it is kept as long as the execution is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? TtlMs { get; init; }

    public int PollIntervalMs { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TaskHandle))]
internal sealed partial class TaskJson : JsonSerializerContext;
