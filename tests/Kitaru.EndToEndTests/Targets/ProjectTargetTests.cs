using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Targets;

public sealed class ProjectTargetTests
{
    [Fact]
    public async Task Project_IsBuiltOnceAndAgainWhenAnInputChanges()
    {
        await using var world = await BuildWorld.OpenAsync();
        world.Write("App/App.csproj", Sources.Project("<Content Include=\"prompts/*.md\" CopyToOutputDirectory=\"PreserveNewest\" />"));
        var source = world.Write("App/Flows/Hello.cs", Sources.Hello);
        world.Write("App/prompts/a.md", "one");

        var first = await world.BuildAsync("App:say_hello");
        File.Exists(Path.Combine(first.StageFolder, "files", "prompts", "a.md")).ShouldBeTrue();

        File.SetLastWriteTimeUtc(source, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        (await world.BuildAsync("App/App.csproj:say_hello")).Reused.ShouldBeTrue("a touched file with the same content is unchanged");
        world.Progress.ShouldBeEmpty();

        (await world.BuildAsync("App/Flows/Hello.cs:say_hello")).Snapshot.ShouldBe(first.Snapshot, "a file of a project is built with it");

        world.Write("App/notes.txt", "written by a flow");
        (await world.BuildAsync("App:say_hello")).Reused.ShouldBeTrue("what the build does not take does not count");

        world.Write("App/prompts/b.md", "two");
        var second = await world.BuildAsync("App:say_hello");
        second.Snapshot.ShouldNotBe(first.Snapshot);
        File.Exists(Path.Combine(second.StageFolder, "files", "prompts", "b.md")).ShouldBeTrue();

        File.SetLastWriteTimeUtc(source, DateTime.UnixEpoch);
        world.Write("App/Flows/Hello.cs", "nonsense");
        File.SetLastWriteTimeUtc(source, DateTime.UnixEpoch);
        var error = await Should.ThrowAsync<KitaruBuildException>(world.BuildAsync("App:say_hello"));
        error.Diagnostics.ShouldAllBe(line => line.StartsWith(source + "(1,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ProjectWithoutGenerator_IsRefused()
    {
        await using var world = await BuildWorld.OpenAsync();
        world.Write("App/App.csproj", Sources.Project().Replace("<Analyzer", "<None", StringComparison.Ordinal));
        world.Write("App/Hello.cs", Sources.Hello);

        var error = await Should.ThrowAsync<KitaruUsageException>(world.BuildAsync("App:say_hello"));

        error.Message.ShouldBe("'App.dll' was compiled without the Kitaru generator: its checkpoint calls would not be recorded.");
    }

    [Fact]
    public async Task BuiltAssembly_RunsAsItLies()
    {
        await using var world = await BuildWorld.OpenAsync();
        world.Write("App/App.csproj", Sources.Project());
        world.Write("App/Hello.cs", Sources.Hello);
        var project = await world.BuildAsync("App:say_hello");
        var assembly = Path.Combine(project.StageFolder, "files", "App.dll");

        var built = await world.BuildAsync(assembly + ":say_hello");
        var again = await world.BuildAsync(assembly + ":say_hello");

        built.Snapshot.ShouldBe(project.Snapshot);
        again.Reused.ShouldBeTrue();
    }

    [Fact]
    public async Task AssemblyWithMissingPackage_NamesIt()
    {
        await using var world = await BuildWorld.OpenAsync();
        var assembly = world.Write("out/App.dll", "");
        world.Write("out/App.deps.json",
            """
            {
              "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0" },
              "targets": { ".NETCoreApp,Version=v10.0": { "No.Such.Package/1.2.3": { "runtime": { "lib/net8.0/No.Such.Package.dll": {} } } } },
              "libraries": { "No.Such.Package/1.2.3": { "type": "package", "path": "../../etc/no.such.package/1.2.3" } }
            }
            """);

        var error = await Should.ThrowAsync<KitaruUsageException>(world.BuildAsync(assembly + ":x"));

        error.Message.ShouldContain("No.Such.Package/1.2.3");
    }

    [Fact]
    public async Task SomethingElseNamedDll_HasNoFlow()
    {
        await using var world = await BuildWorld.OpenAsync();
        world.Write("out/App.dll", "this is no assembly");

        (await Should.ThrowAsync<KitaruUsageException>(world.BuildAsync("out/App.dll:x"))).Message.ShouldContain("has no flow");
    }
}
