using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Completions;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Resources;

/// <summary>A deployed flow with its versions, and one of them.</summary>
internal static class DeploymentResources
{
    private const int VersionsMax = 200;

    public static IReadOnlyList<KitaruResource> All() =>
    [
        Of("kitaru://deployments/{flow}", "deployed_flow", "Deployed flow", "A deployed flow: its versions, and where its tags lead.") with
        {
            ReadAsync = async (call, stop) => Pieces.Json(call, Fit(FlowJson.Of(call.Value("flow"), await VersionsAsync(call, stop)))),
            StateAsync = async (call, stop) => new ResourceState(KitaruJson.Write(FlowJson.Of(call.Value("flow"), await VersionsAsync(call, stop))), HasEnded: false),
        },
        Of("kitaru://deployments/{flow}/versions/{version}", "deployment", "Deployment", "One version of a deployed flow: tags, input schema, stack, inputs.") with
        {
            Suggests = Suggested(("version", Suggests.Versions)),
            ReadAsync = (call, stop) => OneAsync(call, (int)ResourceCall.Number("version", call.Value("version"), 1, int.MaxValue), null, stop),
        },
        Of("kitaru://deployments/{flow}/tags/{tag}", "route", "Route", "The version of a deployed flow that a tag leads to, such as default.") with
        {
            Suggests = Suggested(("tag", Suggests.DeploymentTags)),
            ReadAsync = (call, stop) => OneAsync(call, null, call.Value("tag"), stop),
        },
    ];

    private static KitaruResource Of(string template, string name, string title, string description) => new()
    {
        Pattern = new UriPattern(template),
        Name = name,
        Title = title,
        Description = description,
        MimeType = StoredValue.Json,
        Toolset = Toolsets.Deployments,
        Suggests = Suggested(),
        ReadAsync = (_, _) => throw new InvalidOperationException("It says itself how it is read."),
    };

    private static Dictionary<string, Suggests> Suggested(params (string Name, Suggests With)[] more) =>
        more.Prepend(("flow", Suggests.DeployedFlows)).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);

    private static async Task<IList<ModelContextProtocol.Protocol.ResourceContents>> OneAsync(ResourceCall call, int? version, string? tag, CancellationToken cancellationToken)
    {
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        return Pieces.Json(call, DeploymentJson.Of(await kitaru.Deployments.ResolveAsync(call.Value("flow"), version, tag, cancellationToken)));
    }

    private static async Task<IReadOnlyList<DeploymentRecord>> VersionsAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var (flow, kitaru) = (call.Value("flow"), await call.Backend.OpenAsync(cancellationToken));
        var page = await kitaru.Deployments.ListAsync(new DeploymentQuery { Flow = flow, Limit = VersionsMax }, cancellationToken);
        return page.Items.Count > 0
            ? page.Items
            : throw new KitaruLookupException($"The flow '{Texts.Short(flow, 80)}' is not deployed.", "Take one of resources/list.");
    }

    /// <summary>Schemas and inputs stand in the single versions too.</summary>
    private static JsonObject Fit(JsonObject flow)
    {
        if (KitaruJson.Size(flow) <= ResultBudget.BytesMax)
            return flow;
        foreach (var version in flow["deployments"]!.AsArray().OfType<JsonObject>())
        {
            ResultBudget.LeaveOutLarge(version, "schema", "the version");
            ResultBudget.LeaveOutLarge(version, "inputs", "the version");
        }
        return flow;
    }
}
