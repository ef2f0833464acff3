using System.Collections.Concurrent;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Mcp.Hosting;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Flows;

/// <summary>
/// The deployed flows that are tools: those of which exactly one version is tagged <see cref="Tag"/>. How many there are and what they take is limited, because every assistant reads all of them;
/// what is left out has a reason.
/// </summary>
internal sealed class FlowTools
{
    /// <summary>The tag that makes a route a tool.</summary>
    public const string Tag = "mcp";

    /// <summary>How many there are at most.</summary>
    public const int ToolsMax = 32;

    /// <summary>What their names, descriptions and inputs take together: as much as all other tools.</summary>
    public const int BytesMax = 36_000;

    private const int LookedAtMax = 200;
    private const int KnownMax = 1000;

    // A deployment never changes but for its tags.
    private readonly ConcurrentDictionary<DeploymentId, (KitaruTool? Tool, string? Why)> _known = new();

    /// <summary>Whether there may be any for callers with this policy.</summary>
    public static bool AreOn(ToolPolicy policy) => policy.ReadOnlyBecause is null && (policy.Sets is null || policy.Sets.Contains(Toolsets.Flows));

    /// <summary>Those of the caller's project, by the names of the flows.</summary>
    public async Task<FlowToolList> ListAsync(Backend backend, CancellationToken cancellationToken)
    {
        var kitaru = await backend.OpenAsync(cancellationToken);
        var page = await kitaru.Deployments.ListAsync(new DeploymentQuery { Tag = Tag, Limit = LookedAtMax }, cancellationToken);
        var (tools, leftOut, bytes) = (new List<KitaruTool>(), new List<LeftOutFlow>(), 0);
        // An older server does not know the filter.
        foreach (var flow in page.Items.Where(deployment => deployment.Tags.ContainsKey(Tag)).GroupBy(deployment => deployment.Flow).OrderBy(flow => flow.Key, StringComparer.Ordinal))
        {
            var (tool, why) = flow.ToList() is [var only] ? await OfAsync(kitaru, only, cancellationToken) : (null, $"several versions are tagged '{Tag}': tag one with exclusive=true");
            var size = tool is null ? 0 : Size(tool);
            if (tool is not null && tools.Exists(other => other.Name == tool.Name))
                why = "another flow's tool has the same name";
            else if (tool is not null && (tools.Count == ToolsMax || bytes + size > BytesMax))
                why = $"the {tools.Count} before it are as many as there may be ({ToolsMax}, {BytesMax} bytes)";
            if (why is not null)
            {
                leftOut.Add(new LeftOutFlow(flow.Key, why));
                continue;
            }
            tools.Add(tool!);
            bytes += size;
        }
        return new FlowToolList(tools, leftOut);
    }

    /// <summary>The tool of this name.</summary>
    /// <exception cref="KitaruUsageException">There is none (any more).</exception>
    public async Task<KitaruTool> FindAsync(Backend backend, string name, CancellationToken cancellationToken)
    {
        var (tools, leftOut) = await ListAsync(backend, cancellationToken);
        if (tools.FirstOrDefault(tool => tool.Name == name) is { } found)
            return found;
        var why = leftOut.FirstOrDefault(flow => FlowToolName.Of(flow.Flow) == name)?.Why;
        throw new KitaruUsageException(
            why is null
                ? $"There is no tool '{Texts.Short(name, 80)}'{Texts.DidYouMean(name, tools.Select(tool => tool.Name))}: no deployed flow of this name is tagged '{Tag}' (any more)."
                : $"There is no tool '{Texts.Short(name, 80)}': {why}.",
            $"Call tools/list for the tools there are, or start the flow with {Deployments.InvokeTool.ToolName}.");
    }

    private async Task<(KitaruTool? Tool, string? Why)> OfAsync(IControlPlane kitaru, DeploymentRecord deployment, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(deployment.Id, out var made))
            return made;
        var snapshot = await kitaru.Snapshots.FindAsync(deployment.Snapshot, cancellationToken);
        made = FlowTool.Of(deployment, snapshot?.Manifest.Flows.FirstOrDefault(flow => flow.Name == deployment.Flow)?.Description);
        if (_known.Count >= KnownMax)
            _known.Clear();
        return _known[deployment.Id] = made;
    }

    private static int Size(KitaruTool tool) => tool.Name.Length + System.Text.Encoding.UTF8.GetByteCount(tool.Description) + KitaruJson.Size(tool.InputSchema());
}

/// <summary>The flows that are tools, and those that are tagged to be and are not.</summary>
internal sealed record FlowToolList(IReadOnlyList<KitaruTool> Tools, IReadOnlyList<LeftOutFlow> LeftOut)
{
    public static FlowToolList Empty { get; } = new([], []);

    /// <summary>Differs when what is listed differs: a tool says which version it starts.</summary>
    public string Mark => string.Join('\n', Tools.Select(tool => $"{tool.Name} {tool.Description}"));
}

/// <summary>A flow that is tagged and no tool.</summary>
internal sealed record LeftOutFlow(string Flow, string Why);
