using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Stacks.Local;

/// <summary>The options of a local stack, as its checked settings hold them under <c>extra.orchestrator</c>.</summary>
/// <param name="Concurrency">How many executions a worker runs at once.</param>
/// <param name="IdleSeconds">How long a worker stays without work.</param>
/// <param name="Environment">Environment variables of its workers.</param>
internal sealed record LocalStackSettings(int? Concurrency, double? IdleSeconds, IReadOnlyDictionary<string, string> Environment)
{
    public static LocalStackSettings Of(JsonObject settings)
    {
        var options = settings["extra"]?["orchestrator"];
        return new LocalStackSettings(
            options?["concurrency"]?.GetValue<int>(),
            options?["idle_seconds"]?.GetValue<double>(),
            options?["environment"] is { } variables ? EnvironmentVariables.Parse(variables, "extra", "orchestrator.environment") : new Dictionary<string, string>());
    }
}
