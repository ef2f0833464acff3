using Kitaru.Core;

namespace Kitaru.CliTests.Cleaning;

public class CleanTests
{
    [Fact]
    public async Task Project_WithoutOne_IsRefused()
    {
        await using var world = new CliWorld();
        (await world.RunAsync("clean", "project", "--yes")).ShouldFail().Error.ShouldContain("There is no project here");
    }

    [Fact]
    public async Task Project_DeletesTheFolderAboveAndNothingElse()
    {
        await using var world = new CliWorld();
        (await world.RunAsync("init")).ShouldSucceed();
        var inside = Directory.CreateDirectory(Path.Combine(world.WorkingDirectory, "deep", "inside")).FullName;
        (await world.RunAsync("secrets", "set", "a", "--K=v")).ShouldSucceed();

        var result = (await world.RunAsync(host => host with { WorkingDirectory = inside }, "clean", "project", "--yes", "-o", "json")).ShouldSucceed();

        result.Item["deleted_paths"]!.AsArray().ShouldHaveSingleItem()!.ToString().ShouldBe(Path.Combine(world.WorkingDirectory, ".kitaru"));
        Directory.Exists(Path.Combine(world.WorkingDirectory, ".kitaru")).ShouldBeFalse();
        Directory.Exists(inside).ShouldBeTrue();
        File.Exists(Path.Combine(world.ConfigDirectory, "local_stores", "kitaru.db")).ShouldBeTrue();
    }

    [Fact]
    public async Task Global_WithoutAYes_IsRefusedByAScript()
    {
        await using var world = new CliWorld();
        (await world.RunAsync("secrets", "set", "a", "--K=v")).ShouldSucceed();

        (await world.RunAsync("clean", "global")).ShouldFail().Error.ShouldContain("--dry-run");

        Directory.Exists(world.ConfigDirectory).ShouldBeTrue();
    }

    [Fact]
    public async Task Global_AnsweredNo_DeletesNothingAndSucceeds()
    {
        await using var world = new CliWorld();
        (await world.RunAsync("secrets", "set", "a", "--K=v")).ShouldSucceed();

        var result = (await world.RunOnTerminalAsync("n\n", 100, "clean", "global")).ShouldSucceed();

        result.Output.ShouldContain("Nothing was deleted.");
        Directory.Exists(world.ConfigDirectory).ShouldBeTrue();
    }

    [Fact]
    public async Task Global_AnsweredYes_CopiesTheDatabaseThenDeletes()
    {
        await using var world = new CliWorld();
        (await world.RunAsync("secrets", "set", "a", "--K=v")).ShouldSucceed();

        (await world.RunOnTerminalAsync("y\n", 100, "clean", "global")).ShouldSucceed();

        Directory.Exists(world.ConfigDirectory).ShouldBeFalse();
        new FileInfo(Directory.GetFiles(world.ConfigDirectory + "-backups").ShouldHaveSingleItem()).Length.ShouldBePositive();
    }

    [Fact]
    public async Task Global_WithExecutionsThatHaveNotEnded_NeedsForce()
    {
        await using var world = new CliWorld();
        await using (var client = world.Connect())
        {
            var plane = await client.OpenAsync();
            await plane.Executions.CreateAsync(new NewExecution
            {
                Id = new ExecutionId(new IdFactory(TimeProvider.System).NewId()),
                FlowName = "greet",
                Snapshot = new SnapshotId("code-1"),
                Inputs = StoredValue.Of(StoredValue.Json, "System.Object", "{}"u8.ToArray()),
            });
        }

        (await world.RunAsync("clean", "global", "--yes")).ShouldFail().Error.ShouldContain("1 executions in the local database have not ended");
        (await world.RunAsync("clean", "global", "--yes", "--force")).ShouldSucceed();

        Directory.Exists(world.ConfigDirectory).ShouldBeFalse();
    }

    [Fact]
    public async Task Global_WithForeignFiles_NeedsForce()
    {
        await using var world = new CliWorld();
        Directory.CreateDirectory(world.ConfigDirectory);
        await File.WriteAllTextAsync(Path.Combine(world.ConfigDirectory, "thesis.tex"), "text");

        (await world.RunAsync("clean", "all", "--yes")).ShouldFail().Error.ShouldContain("holds what Kitaru did not make: thesis.tex");

        File.Exists(Path.Combine(world.ConfigDirectory, "thesis.tex")).ShouldBeTrue();
    }

    [Theory]
    [InlineData(".", "or holds the working directory")]
    [InlineData("/", "the root of a file system")]
    [InlineData("~", "or holds your home directory")]
    public async Task Global_OfAFolderThatIsNeverDeleted_IsRefused(string folder, string why)
    {
        await using var world = new CliWorld();
        world.Variables["KITARU_CONFIG_PATH"] = folder switch
        {
            "." => Path.GetDirectoryName(world.WorkingDirectory)!,
            "~" => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            _ => Path.GetPathRoot(world.WorkingDirectory)!,
        };

        (await world.RunAsync("clean", "global", "--yes", "--force")).ShouldFail().Error.ShouldContain(why);
    }
}
