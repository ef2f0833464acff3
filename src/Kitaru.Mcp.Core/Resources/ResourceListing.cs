using System.Text;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Hosting;
using Kitaru.Mcp.Tools;
using ModelContextProtocol.Protocol;

namespace Kitaru.Mcp.Resources;

/// <summary>The list of resources: deployed flows by name, then executions, newest first.</summary>
internal static class ResourceListing
{
    private const int PageSize = 50;
    private const char Flows = 'f';
    private const char Executions = 'e';

    public static async Task<(List<Resource> Items, string? NextCursor)> PageAsync(RequestScope scope, string? cursor, CancellationToken cancellationToken)
    {
        var kitaru = await scope.Backend.OpenAsync(cancellationToken);
        var (part, last, inner) = Decode(cursor);
        var items = new List<Resource>();
        if (part == Flows && IsOn(scope, Toolsets.Deployments))
        {
            var page = await kitaru.Deployments.ListAsync(new DeploymentQuery { Limit = PageSize, Cursor = inner }, cancellationToken);
            // A flow with many versions may begin on the page before.
            foreach (var deployment in page.Items.Where(deployment => deployment.Flow != last).DistinctBy(deployment => deployment.Flow))
                items.Add(Of(deployment));
            if (page.NextCursor is not null)
                return (items, Encode(Flows, page.Items[^1].Flow, page.NextCursor));
        }
        if (!IsOn(scope, Toolsets.Executions))
            return (items, null);
        var executions = await kitaru.Executions.ListAsync(new ExecutionQuery { Limit = PageSize, Cursor = part == Executions ? inner : null }, cancellationToken);
        items.AddRange(executions.Items.Select(Of));
        return (items, executions.NextCursor is null ? null : Encode(Executions, "", executions.NextCursor));
    }

    private static bool IsOn(RequestScope scope, string set) => scope.Policy.Sets is null || scope.Policy.Sets.Contains(set);

    private static Resource Of(DeploymentRecord deployment) => new()
    {
        Uri = ResourceAddress.OfFlow(deployment.Flow),
        Name = deployment.Flow,
        Title = $"Deployed flow {deployment.Flow}",
        MimeType = StoredValue.Json,
    };

    private static Resource Of(ExecutionRecord execution) => new()
    {
        Uri = ResourceAddress.OfExecution(execution.Id),
        Name = $"{execution.FlowName} {execution.Id}",
        Title = $"{execution.FlowName}: {StatusWords.Of(execution.Status)}",
        Description = $"Execution of {execution.FlowName}, created at {WireTime.Text(execution.CreatedAt)}.",
        MimeType = StoredValue.Json,
    };

    private static string Encode(char part, string last, string inner) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{part}\n{last}\n{inner}"));

    private static (char Part, string Last, string? Inner) Decode(string? cursor)
    {
        const int charsMax = 4096;
        if (cursor is null)
            return (Flows, "", null);
        try
        {
            if (cursor.Length <= charsMax && Encoding.UTF8.GetString(Convert.FromBase64String(cursor)).Split('\n') is [[(Flows or Executions) and var part], var last, { Length: > 0 } inner])
                return (part, last, inner);
        }
        catch (FormatException)
        {
            // Answered below.
        }
        throw new KitaruUsageException("The cursor is not one of resources/list.", "Pass nextCursor of the page before, or none for the first page.");
    }
}
