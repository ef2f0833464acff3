using System.Text.Json.Nodes;
using Kitaru.Client.Deployments;
using Kitaru.Core;
using Kitaru.Core.Flows;

namespace Kitaru.UnitTests.Mcp;

/// <summary>Deployments of a flow that was never compiled: its manifest and its staged folder are there, and no more is needed to invoke it.</summary>
internal static class DeploymentBench
{
    public const string Flow = "research_agent";

    private static readonly SnapshotId Snapshot = new(new string('a', 64));

    private static readonly FlowDefinition Definition = new()
    {
        Name = Flow,
        Type = "Research",
        Method = "ResearchAgent",
        Parameters =
        [
            new FlowParameter { Name = "topic", Required = true, Schema = new JsonObject { ["type"] = "string", ["description"] = "What about." } },
            new FlowParameter { Name = "maxPages", Required = true, Schema = new JsonObject { ["type"] = "integer", ["minimum"] = 1 } },
            new FlowParameter { Name = "tone", Required = false, Schema = new JsonObject { ["type"] = "string", ["default"] = "plain" } },
        ],
    };

    /// <summary>Deploys it as the library does with a built target.</summary>
    public static async Task<DeploymentRecord> DeployAsync(this McpBench bench, JsonObject? inputs = null, bool defaultOnFirst = true, params (string Tag, bool Exclusive)[] tags)
    {
        var kitaru = await bench.Backend.OpenAsync(CancellationToken.None);
        var snapshot = new SnapshotRecord(Snapshot, new FlowManifest { Flows = [Definition] }, TimeProvider.System.GetUtcNow(), 1);
        await kitaru.Snapshots.PutAsync(snapshot);
        var folder = Directory.CreateDirectory(Path.Combine(bench.Backend.Client.Directory.Snapshots, Snapshot.Value)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "snapshot.json"), "{}");
        var bound = DeploymentInputs.Check(Definition, inputs);
        return await kitaru.Deployments.CreateAsync(new NewDeployment
        {
            Flow = Flow,
            Tags = tags.ToDictionary(tag => tag.Tag, tag => tag.Exclusive),
            Snapshot = Snapshot,
            Target = "flows/Research.cs:research_agent",
            Inputs = bound,
            Schema = DeploymentInputs.Schema(Definition, bound),
            StackName = "default",
            Spec = new JsonObject { ["version"] = 1, ["resolved_execution"] = new JsonObject { ["cache"] = true } },
            Retries = 2,
            DefaultOnFirst = defaultOnFirst,
        });
    }

    /// <summary>Removes its code, as somebody who tidies up by hand.</summary>
    public static void DeleteCode(this McpBench bench) =>
        Directory.Delete(Path.Combine(bench.Backend.Client.Directory.Snapshots, Snapshot.Value), recursive: true);
}
