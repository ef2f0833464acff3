using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Kitaru.Core.Http;

/// <summary>An error on the wire: problem details (RFC 9457) with what is needed to throw the same error at the other end.</summary>
internal sealed record Problem
{
    public const string MediaType = "application/problem+json";

    /// <summary>A short name of the kind of error, the same for all of its kind.</summary>
    public string Type { get; init; } = "about:blank";

    /// <summary>The kind of error in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>The error's message.</summary>
    public required string Detail { get; init; }

    /// <summary>The contract's name of the error.</summary>
    public required string Code { get; init; }

    /// <summary>What to do now.</summary>
    public string? NextStep { get; init; }

    /// <summary>The error's particulars.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? Details { get; init; }

    /// <summary>The id under which the server's log has the request.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RequestId { get; init; }

    /// <summary>The request was not looked at; a little later it may be.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool MayPass { get; init; }

    /// <summary>The server's store failed; whether a change was kept is not known. The same request may be answered a little later.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsStoreAway { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Diagnostics { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ExecutionId? ExecutionId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ExecutionStatus? ExecutionStatus { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FailureOrigin? Origin { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DivergenceSides? Sides { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Wait { get; init; }

    /// <summary>Set when another call under this key was faster.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TakenKey { get; init; }
}
