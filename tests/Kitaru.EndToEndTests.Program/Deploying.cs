using System.Globalization;
using Kitaru;
using Kitaru.Core;

namespace Kitaru.EndToEndTests.Program;

/// <summary>Several of these processes deploy the same flow and move its tags at the same time; one looks on.</summary>
internal static class Deploying
{
    private const string Flow = "crowded";

    /// <summary>Deploys so many versions and moves the tag <c>canary</c> to each of them; prints their numbers.</summary>
    public static async Task DeployAsync(KitaruClient kitaru, int count)
    {
        var port = (await kitaru.OpenAsync()).Deployments;
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, cancellationToken) =>
        {
            var made = await port.CreateAsync(
                new NewDeployment
                {
                    Flow = Flow,
                    Tags = new Dictionary<string, bool> { ["default"] = true },
                    Snapshot = new SnapshotId("crowded-code"),
                    Target = "Crowded.cs:crowded",
                    StackName = "default",
                    Spec = [],
                }, cancellationToken);
            await kitaru.Deployments.TagAsync(Flow, made.Version, "canary", exclusive: true, cancellationToken);
            Console.WriteLine(made.Version.ToString(CultureInfo.InvariantCulture));
        });
    }

    /// <summary>Looks until so many versions are there and tagged; prints how often it looked. Fails at the first moment at which an exclusive tag is not on exactly one version.</summary>
    public static async Task<int> LookAsync(KitaruClient kitaru, int count)
    {
        var port = (await kitaru.OpenAsync()).Deployments;
        Console.WriteLine("looking");
        for (var looks = 1; ; looks++)
        {
            var all = (await port.ListAsync(new DeploymentQuery { Flow = Flow, Limit = 1000 })).Items;
            var (defaults, canaries) = (all.Count(item => item.Tags.ContainsKey("default")), all.Count(item => item.Tags.ContainsKey("canary")));
            if (all.Count > 0 && (defaults != 1 || canaries > 1))
            {
                Console.WriteLine($"default on {defaults}, canary on {canaries} of {all.Count} versions");
                return 1;
            }
            if (all.Count == count && canaries == 1)
            {
                Console.WriteLine(looks.ToString(CultureInfo.InvariantCulture));
                return 0;
            }
        }
    }
}
