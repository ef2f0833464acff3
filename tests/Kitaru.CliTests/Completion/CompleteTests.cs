using Kitaru.Core;

namespace Kitaru.CliTests.Completion;

public class CompleteTests
{
    [Theory]
    [InlineData("sec", "secrets")]
    [InlineData("secrets s", "set show")]
    [InlineData("secrets show --sh", "--show-values")]
    [InlineData("secrets list --output ", "text json")]
    [InlineData("stack create --type ku", "kubernetes")]
    [InlineData("nonsense x", "")]
    public async Task Words_OfCommandsAndOptions_AreOffered(string line, string words)
    {
        await using var world = new CliWorld();
        (await world.RunAsync(["complete", "--", .. line.Split(' ')])).ShouldSucceed().Output.ShouldBe(string.Concat(words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word + "\n")));
    }

    [Fact]
    public async Task Words_OfTheStore_AreOffered()
    {
        await using var world = new CliWorld();
        var id = new ExecutionId(new IdFactory(TimeProvider.System).NewId());
        await using (var client = world.Connect())
        {
            await client.Stacks.CreateAsync("local-dev");
            await client.Secrets.CreateAsync("openai", new Dictionary<string, string> { ["A"] = "b" });
            await (await client.OpenAsync()).Executions.CreateAsync(new NewExecution
            {
                Id = id,
                FlowName = "greet",
                Snapshot = new SnapshotId("code-1"),
                Inputs = StoredValue.Of(StoredValue.Json, "System.Object", "{}"u8.ToArray()),
            });
        }

        (await world.RunAsync("complete", "--", "stack", "use", "loc")).ShouldSucceed().Output.ShouldBe("local-dev\n");
        (await world.RunAsync("complete", "--", "secrets", "show", "")).ShouldSucceed().Output.ShouldBe("openai\n");
        (await world.RunAsync("complete", "--", "executions", "get", "")).ShouldSucceed().Output.ShouldBe($"{id}\n");
        (await world.RunAsync("complete", "--", "executions", "list", "--flow", "")).ShouldSucceed().Output.ShouldBe("greet\n");
    }

    [Fact]
    public async Task Words_OfAStoreThatIsNotThere_MakeNone()
    {
        await using var world = new CliWorld();
        (await world.RunAsync("complete", "--", "stack", "use", "")).ShouldSucceed().Output.ShouldBeEmpty();
        Directory.Exists(world.ConfigDirectory).ShouldBeFalse();
    }
}
