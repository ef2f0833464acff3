using System.Text.Json.Nodes;

namespace Kitaru.Core.Http;

internal sealed record ExportBody
{
    public ExecutionId? After { get; init; }

    public int Limit { get; init; } = 100;

    public bool WithOpen { get; init; }
}

internal sealed record MovedBody(ExecutionId Id, long Epoch);

internal sealed record CloseMovedBody
{
    public required IReadOnlyList<MovedBody> Epochs { get; init; }

    public string? By { get; init; }
}

internal sealed record IdsBody
{
    public required IReadOnlyList<ExecutionId> Ids { get; init; }
}

internal sealed record DigestBody(ExecutionId Id, string Hash);

internal sealed record DeploymentsBody
{
    public required IReadOnlyList<ArchivedDeployment> Items { get; init; }

    public required IReadOnlyDictionary<string, JsonObject> Environments { get; init; }
}
