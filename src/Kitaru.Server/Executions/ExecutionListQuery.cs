using Kitaru.Core;
using Kitaru.Core.Json;
using Microsoft.AspNetCore.Mvc;

namespace Kitaru.Server.Executions;

/// <summary>Filters of a list as they stand in an address.</summary>
internal sealed record ExecutionListQuery
{
    private static readonly Dictionary<string, ExecutionStatus> Words =
        Enum.GetValues<ExecutionStatus>().ToDictionary(status => SnakeCase.Of(status.ToString()), StringComparer.OrdinalIgnoreCase);

    [FromQuery(Name = "status")]
    public string[]? Statuses { get; init; }

    [FromQuery(Name = "flow")]
    public string? Flow { get; init; }

    [FromQuery(Name = "stack")]
    public string? Stack { get; init; }

    [FromQuery(Name = "tag")]
    public string[]? Tags { get; init; }

    [FromQuery(Name = "since")]
    public DateTimeOffset? Since { get; init; }

    [FromQuery(Name = "until")]
    public DateTimeOffset? Until { get; init; }

    [FromQuery(Name = "original_id")]
    public string? OriginalId { get; init; }

    [FromQuery(Name = "deployment_id")]
    public Guid? DeploymentId { get; init; }

    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    public ExecutionQuery ToQuery()
    {
        var query = new ExecutionQuery
        {
            Statuses = [.. (Statuses ?? []).Select(Status)],
            Flow = Flow,
            Stack = Stack,
            Tags = Tags ?? [],
            Since = Since,
            Until = Until,
            OriginalId = OriginalId is null ? null : ExecutionId.Parse(OriginalId),
            Deployment = DeploymentId is { } id ? new DeploymentId(id) : null,
            Cursor = Cursor,
        };
        return Limit is { } limit ? query with { Limit = limit } : query;
    }

    private static ExecutionStatus Status(string word) => Words.TryGetValue(word.Trim(), out var status)
        ? status
        : throw new KitaruUsageException($"There is no status '{Texts.Short(word, 80)}'.{Texts.DidYouMean(word, Words.Keys)}", $"Statuses: {string.Join(", ", Words.Keys)}.");
}
