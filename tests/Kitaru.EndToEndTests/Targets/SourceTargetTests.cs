using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Targets;

public sealed class SourceTargetTests
{
    [Fact]
    public async Task BareFile_IsCompiledAndItsFlowsAreKnown()
    {
        await using var world = await BuildWorld.OpenAsync();
        world.Write("Hello.cs", Sources.Hello);

        var built = await world.BuildAsync("Hello.cs:say_hello");

        built.Reused.ShouldBeFalse();
        built.Flow.ShouldSatisfyAllConditions(
            flow => flow.Name.ShouldBe("say_hello"),
            flow => flow.Type.ShouldBe("Hello"),
            flow => flow.Description.ShouldBe("Says hello."),
            flow => flow.Parameters.ShouldHaveSingleItem().Name.ShouldBe("name"));
        built.Snapshot.Value.Length.ShouldBe(64);
        (await world.ControlPlane.Snapshots.FindAsync(built.Snapshot)).ShouldNotBeNull().Manifest.Flows.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Unchanged_StartsNothing()
    {
        await using var world = await BuildWorld.OpenAsync();
        world.Write("Hello.cs", Sources.Hello);
        var first = await world.BuildAsync("Hello.cs:say_hello");

        var second = await world.BuildAsync("Hello.cs:SayHello");

        second.Reused.ShouldBeTrue();
        second.Snapshot.ShouldBe(first.Snapshot);
        world.Progress.ShouldBeEmpty();
    }

    [Fact]
    public async Task Changed_IsAnotherSnapshotAndBackAgainTheFirst()
    {
        await using var world = await BuildWorld.OpenAsync();
        world.Write("Hello.cs", Sources.Hello);
        var first = await world.BuildAsync("Hello.cs:say_hello");
        world.Write("Hello.cs", Sources.Hello.Replace("hello ", "bye ", StringComparison.Ordinal));

        var second = await world.BuildAsync("Hello.cs:say_hello");
        world.Write("Hello.cs", Sources.Hello);
        var third = await world.BuildAsync("Hello.cs:say_hello");

        second.Snapshot.ShouldNotBe(first.Snapshot);
        third.Snapshot.ShouldBe(first.Snapshot);
    }

    [Fact]
    public async Task StagedCodeGone_IsBuiltAgain()
    {
        await using var world = await BuildWorld.OpenAsync();
        world.Write("Hello.cs", Sources.Hello);
        var first = await world.BuildAsync("Hello.cs:say_hello");
        Directory.Delete(first.StageFolder, recursive: true);

        var second = await world.BuildAsync("Hello.cs:say_hello");

        second.Reused.ShouldBeFalse();
        second.Snapshot.ShouldBe(first.Snapshot);
        Directory.Exists(second.StageFolder).ShouldBeTrue();
    }

    [Fact]
    public async Task TopLevelStatements_AreAllowedBesideAClass()
    {
        await using var world = await BuildWorld.OpenAsync();
        world.Write("Program.cs", "#!/usr/bin/env dotnet\n" + Sources.Hello.Replace("using Kitaru;", "using Kitaru;\nConsole.WriteLine(1);", StringComparison.Ordinal));

        (await world.BuildAsync("Program.cs:say_hello")).Flow.Method.ShouldBe("SayHello");
    }

    [Fact]
    public async Task BuildError_IsTheCompilersMessageWithPathAndLine()
    {
        await using var world = await BuildWorld.OpenAsync();
        var file = world.Write("Bad.cs", "using Kitaru;\npublic static class Bad\n{\n    [Flow] public static int Go() => \"x\";\n}\n");

        var error = await Should.ThrowAsync<KitaruBuildException>(world.BuildAsync("Bad.cs:go"));

        error.Diagnostics.ShouldHaveSingleItem().ShouldStartWith($"{file}(4,38): error CS0029:");
        error.Message.ShouldContain("CS0029");
    }

    [Fact]
    public async Task ManyBuildErrors_AreCut()
    {
        await using var world = await BuildWorld.OpenAsync();
        world.Write("Bad.cs", "class Bad { void M() { " + string.Concat(Enumerable.Range(0, 200).Select(i => $"x{i}();\n")) + "} }");

        var error = await Should.ThrowAsync<KitaruBuildException>(world.BuildAsync("Bad.cs:go"));

        error.Diagnostics.Count.ShouldBe(51);
        error.Diagnostics[^1].ShouldBe("... and 150 more");
    }

    [Fact]
    public async Task UnknownFlow_SuggestsTheNearestAndListsAll()
    {
        await using var world = await BuildWorld.OpenAsync();
        world.Write("Hello.cs", Sources.Hello);

        var error = await Should.ThrowAsync<KitaruUsageException>(world.BuildAsync("Hello.cs:say_helo"));

        error.Message.ShouldContain("Did you mean 'say_hello'?");
        error.Message.ShouldContain("Its flows: say_hello.");
    }

    [Fact]
    public async Task MethodNameOfTwoFlows_NeedsItsClass()
    {
        await using var world = await BuildWorld.OpenAsync();
        world.Write("Two.cs",
            """
            using Kitaru;
            namespace My;
            public static class One { [Flow(Name = "first")] public static int Go() => 1; }
            public static class Two { [Flow(Name = "second")] public static int Go() => 2; }
            """);

        (await Should.ThrowAsync<KitaruUsageException>(world.BuildAsync("Two.cs:Go"))).Message.ShouldContain("My.One.Go, My.Two.Go");
        (await world.BuildAsync("Two.cs:Two.Go")).Flow.Name.ShouldBe("second");
    }

    [Fact]
    public async Task FileWithoutFlow_SaysHowToMakeOne()
    {
        await using var world = await BuildWorld.OpenAsync();
        world.Write("Nothing.cs", "using Kitaru; public static class Nothing { public static string Go() => nameof(FlowAttribute); }");

        (await Should.ThrowAsync<KitaruUsageException>(world.BuildAsync("Nothing.cs:go"))).NextStep.ShouldNotBeNull().ShouldContain("[Flow]");
    }

    [Theory]
    [InlineData("Kitaru.cs")]
    [InlineData("System.Text.Json.cs")]
    [InlineData("-out x.cs")]
    [InlineData("@options.cs")]
    [InlineData("$(rm -rf x) %41 ünï=a,b.cs")]
    [InlineData("'a; b' & c.cs")]
    [InlineData("usings.g.cs")]
    [InlineData("..cs")]
    public async Task OddFileName_IsOnlyAName(string name)
    {
        await using var world = await BuildWorld.OpenAsync();
        world.Write(name, Sources.Hello);

        (await world.BuildAsync("./" + name + ":say_hello")).Flow.Name.ShouldBe("say_hello");
    }

    [Fact]
    public async Task HostileFileNameOfUnix_IsOnlyAName()
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var world = await BuildWorld.OpenAsync();
        world.Write("a\"b*?;c\\d/x=,;\"y.cs", Sources.Hello + "\nclass Bad { int x = y; }");

        var error = await Should.ThrowAsync<KitaruBuildException>(world.BuildAsync("a\"b*?;c\\d/x=,;\"y.cs:say_hello"));

        error.Diagnostics.ShouldHaveSingleItem().ShouldStartWith(Path.Combine(world.Source, "a\"b*?;c\\d/x=,;\"y.cs("));
    }

    [Fact]
    public async Task UnreadableFile_IsAUsageError()
    {
        if (OperatingSystem.IsWindows() || Environment.UserName == "root")
            return;
        await using var world = await BuildWorld.OpenAsync();
        File.SetUnixFileMode(world.Write("Secret.cs", Sources.Hello), UnixFileMode.None);

        (await Should.ThrowAsync<KitaruUsageException>(world.BuildAsync("Secret.cs:say_hello"))).Message.ShouldContain("cannot be read");
    }

    [Fact]
    public async Task SeveralAtOnce_BuildOnce()
    {
        await using var world = await BuildWorld.OpenAsync();
        world.Write("Hello.cs", Sources.Hello);

        var built = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => world.BuildAsync("Hello.cs:say_hello"))));

        built.Select(target => target.Snapshot).Distinct().Count().ShouldBe(1);
        built.Count(target => !target.Reused).ShouldBe(1);
    }

    [Fact]
    public async Task Cancelled_LeavesNothingBehind()
    {
        await using var world = await BuildWorld.OpenAsync();
        world.Write("Hello.cs", Sources.Hello);
        using var stop = new CancellationTokenSource();

        var building = world.Builder().BuildAsync("Hello.cs:say_hello", world.Source, new CancelAtOnce(stop), stop.Token);

        await Should.ThrowAsync<OperationCanceledException>(building);
        Directory.EnumerateDirectories(world.Config.Builds).ShouldBeEmpty();
        (await world.BuildAsync("Hello.cs:say_hello")).Reused.ShouldBeFalse();
    }

    [Fact]
    public async Task FileWithDirectives_IsBuiltWithThem()
    {
        await using var world = await BuildWorld.OpenAsync();
        world.Write("Hello.cs", "#:property DefineConstants=$(DefineConstants);POLITE\n" + Sources.Hello.Replace(
            "return \"hello \" + name;", "\n#if POLITE\nreturn name;\n#endif\n", StringComparison.Ordinal));

        var first = await world.BuildAsync("Hello.cs:say_hello");
        var second = await world.BuildAsync("Hello.cs:say_hello");

        first.Flow.Name.ShouldBe("say_hello");
        second.Reused.ShouldBeTrue();
        world.Progress.ShouldBeEmpty();
    }

    private sealed class CancelAtOnce(CancellationTokenSource stop) : IProgress<string>
    {
        public void Report(string value) => stop.Cancel();
    }
}
