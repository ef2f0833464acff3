using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Stacks;

/// <summary>Synchronous checkpoints block a thread each, and a worker must have threads for all of them at once.</summary>
public sealed class BlockingTests : IAsyncLifetime
{
    private const int Many = 40;
    private StackWorld _world = null!;

    public async Task InitializeAsync() => _world = await StackWorld.OpenAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task ManyExecutions_EachWithABlockingCheckpoint_BlockAtTheSameTime()
    {
        var block = TimeSpan.FromSeconds(1);
        var ids = new List<ExecutionId>();
        for (var index = 0; index < Many; index++)
            ids.Add(await StartAsync("alone", new JsonObject { ["index"] = index, ["milliseconds"] = block.TotalMilliseconds }));

        _world.StartStack(concurrency: 2 * Many);

        var ended = new List<ExecutionRecord>();
        foreach (var id in ids)
            ended.Add(await _world.UntilAsync(id, ExecutionStatus.Completed));
        var took = ended.Max(execution => execution.EndedAt)! - ended.Min(execution => execution.StartedAt)!;
        took.Value.ShouldBeInRange(block, block * 3);
    }

    [Fact]
    public async Task OneFlow_WithManyBranchesThatBlock_TakesTheirSum()
    {
        var block = TimeSpan.FromSeconds(0.1);
        var id = await StartAsync("branches", new JsonObject { ["count"] = Many, ["milliseconds"] = block.TotalMilliseconds });

        _world.StartStack();

        var ended = await _world.UntilAsync(id, ExecutionStatus.Completed);
        (ended.EndedAt - ended.StartedAt)!.Value.ShouldBeInRange(block * Many, block * Many * 2);
        ended.CheckpointCount.ShouldBe(2 * Many);
    }

    private async Task<ExecutionId> StartAsync(string flow, JsonObject inputs)
    {
        var source = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Flows", "Blocking.cs"));
        return await _world.RunAsync(source, flow, inputs);
    }
}
