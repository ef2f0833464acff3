using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.ConformanceHost.Fixtures;

/// <summary>One tool of the suite.</summary>
internal sealed record Fixture(Tool Description, Func<RequestContext<CallToolRequestParams>, CancellationToken, Task<CallToolResult>> CallAsync);

/// <summary>The tools the suite asks for.</summary>
internal static class Tools
{
    /// <param name="kitaru">Where those start executions that do.</param>
    public static IReadOnlyDictionary<string, Fixture> Of(KitaruClient kitaru) => ((IEnumerable<Fixture>)[.. SimpleTools.All, .. AskingTools.All, .. RoundTools.All, .. TaskTools.Of(kitaru)])
        .ToDictionary(fixture => fixture.Description.Name, StringComparer.Ordinal);

    public static Fixture Of(string name, Func<RequestContext<CallToolRequestParams>, CancellationToken, Task<CallToolResult>> call, string? schema = null) => new(
        new Tool { Name = name, Description = $"The suite's {name}.", InputSchema = JsonDocument.Parse(schema ?? """{"type":"object"}""").RootElement.Clone() }, call);

    public static Fixture Of(string name, Func<RequestContext<CallToolRequestParams>, CallToolResult> call, string? schema = null) => Of(name, (request, _) => Task.FromResult(call(request)), schema);

    public static async ValueTask<CallToolResult> CallAsync(IReadOnlyDictionary<string, Fixture> tools, RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken) => tools.TryGetValue(request.Params!.Name, out var fixture)
        ? await fixture.CallAsync(request, cancellationToken)
        : throw new McpProtocolException($"There is no tool '{request.Params.Name}'.", McpErrorCode.InvalidParams);
}
