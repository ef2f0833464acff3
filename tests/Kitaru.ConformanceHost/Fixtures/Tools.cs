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
    public static IReadOnlyDictionary<string, Fixture> All { get; } = ((IEnumerable<Fixture>)[.. SimpleTools.All, .. AskingTools.All, .. RoundTools.All])
        .ToDictionary(fixture => fixture.Description.Name, StringComparer.Ordinal);

    public static Fixture Of(string name, Func<RequestContext<CallToolRequestParams>, CancellationToken, Task<CallToolResult>> call, string? schema = null) => new(
        new Tool { Name = name, Description = $"The suite's {name}.", InputSchema = JsonDocument.Parse(schema ?? """{"type":"object"}""").RootElement.Clone() }, call);

    public static Fixture Of(string name, Func<RequestContext<CallToolRequestParams>, CallToolResult> call, string? schema = null) => Of(name, (request, _) => Task.FromResult(call(request)), schema);

    public static async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken) => All.TryGetValue(request.Params!.Name, out var fixture)
        ? await fixture.CallAsync(request, cancellationToken)
        : throw new McpProtocolException($"There is no tool '{request.Params.Name}'.", McpErrorCode.InvalidParams);
}
