using System.Text.Json.Nodes;
using Kitaru.CliTests.Runs;

namespace Kitaru.CliTests.Keys;

/// <summary>Every command about executions and flows with <c>--output json</c>: real flows, on the embedded store and through a server.</summary>
public class ExecutionKeyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Keys_AreThoseOfTheContract(bool onServer)
    {
        await using var world = await FlowWorld.StartAsync(onServer);
        var words = new Dictionary<string, string>
        {
            ["{target}"] = FlowWorld.Target,
            ["{completed}"] = Id(await world.StartFlowAsync("greet", """{"name":"tea"}"""), "completed"),
            ["{failed}"] = Id(await world.StartFlowAsync("break_down"), "failed"),
            ["{waiting}"] = Id(await world.StartFlowAsync("ask", """{"name":"tea"}"""), "waiting"),
            ["{sleeping}"] = Id(await world.StartFlowAsync("nap", null, "--detach"), "running"),
        };
        foreach (var row in ExecutionKeys.Cases.Where(row => onServer || !row.NeedsServer))
        {
            var line = words.Aggregate(row.Line, (line, word) => line.Replace(word.Key, word.Value, StringComparison.Ordinal));
            var result = await world.RunAsync($"{line} --output json");
            result.ExitCode.ShouldBe(0, $"{line}\n{result.Error}");
            KeyTests.Check(row, result);
            foreach (var item in row.IsList ? result.Items : [result.Item])
                CheckInside(item);
        }
    }

    private static void CheckInside(JsonObject item)
    {
        Each(item["checkpoints"], Contract.Checkpoint);
        foreach (var checkpoint in item["checkpoints"]?.AsArray() ?? [])
            Each(checkpoint!["attempts"], Contract.Attempt);
        Each(item["artifacts"], Contract.Artifact);
        Each(item["deployments"], Contract.Deployment);
        Each(item["groups"], "keys execution_count metrics +labels");
        Each(new JsonArray(item["pending_wait"]?.DeepClone()), Contract.PendingWait);
        Each(new JsonArray(item["failure"]?.DeepClone()), Contract.Failure);
        Each(new JsonArray(item["execution"]?.DeepClone()), Contract.Execution);
    }

    private static void Each(JsonNode? items, string expected)
    {
        var (must, may) = Contract.Read(expected);
        foreach (var keys in (items?.AsArray() ?? []).OfType<JsonObject>().Select(item => item.Select(pair => pair.Key).ToHashSet()))
        {
            must.Except(keys).ShouldBeEmpty();
            keys.Except(may).ShouldBeEmpty();
        }
    }

    private static string Id(JsonObject execution, string status)
    {
        execution["status"]!.ToString().ShouldBe(status);
        return execution["exec_id"]!.ToString();
    }
}
