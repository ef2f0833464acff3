using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Server.Access;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Statistics;

internal static class StatisticsEndpoints
{
    private static readonly string[] Lists = ["group_by", "metrics", "tags"];

    public static void MapStatistics(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/statistics").WithTags("statistics");
        group.MapPost("", (Call call, StatisticsQuery body, CancellationToken stop) => call.Plane.Statistics.ComputeAsync(body, stop))
            .RequireRole(Role.Viewer).WithSummary("Groups executions and computes metrics.");
        group.MapGet("", (Call call, HttpRequest request, CancellationToken stop) => call.Plane.Statistics.ComputeAsync(StatisticsParser.Parse(Arguments(request.Query)), stop))
            .RequireRole(Role.Viewer).WithSummary("The same in words: group_by=status&group_by=time:day&metrics=seconds:duration:avg.");
    }

    /// <summary>The arguments of the contract, as every surface reads them.</summary>
    private static JsonObject Arguments(IQueryCollection query)
    {
        var arguments = new JsonObject();
        foreach (var (name, values) in query)
        {
            arguments[name] = Lists.Contains(name) ? new JsonArray([.. values.Select(value => (JsonNode?)value)])
                : name == "max_groups" && int.TryParse(values[^1], out var number) ? number
                : values[^1];
        }
        return arguments;
    }
}
