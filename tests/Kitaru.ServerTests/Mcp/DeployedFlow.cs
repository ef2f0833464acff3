using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Flows;

namespace Kitaru.ServerTests.Mcp;

/// <summary>A deployment of a flow that was never compiled: enough to be invoked.</summary>
internal static class DeployedFlow
{
    public const string Name = "greet";

    private static readonly SnapshotId Code = new(new string('b', 64));

    public static async Task<DeploymentRecord> DeployAsync(this TestServer server, params string[] tags)
    {
        var store = await server.StoreAsync();
        var flow = new FlowDefinition
        {
            Name = Name,
            Type = "Greetings",
            Method = "Greet",
            Description = "Greets somebody.",
            Parameters = [new FlowParameter { Name = "name", Required = true, Schema = new JsonObject { ["type"] = "string" } }],
        };
        await store.Snapshots.PutAsync(new SnapshotRecord(Code, new FlowManifest { Flows = [flow] }, TimeProvider.System.GetUtcNow(), 1));
        var folder = System.IO.Directory.CreateDirectory(Path.Combine(server.Directory.Snapshots, Code.Value)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "snapshot.json"), "{}");
        return await store.Deployments.CreateAsync(new NewDeployment
        {
            Flow = Name,
            Tags = tags.ToDictionary(tag => tag, _ => true),
            Snapshot = Code,
            Target = "flows/Greetings.cs:greet",
            Schema = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["name"] = new JsonObject { ["type"] = "string" } }, ["required"] = new JsonArray("name") },
            StackName = "default",
            Spec = new JsonObject { ["version"] = 1 },
        });
    }

    /// <summary>A worker takes the execution.</summary>
    public static async Task<Lease> ClaimAsync(this IControlPlane store, ExecutionId id) =>
        (await store.Workers.ClaimOneAsync(new WorkerId(Some.NewId()), Code, id)).ShouldNotBeNull().Lease;
}
