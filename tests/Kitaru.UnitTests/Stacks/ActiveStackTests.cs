using Kitaru.Client.Stacks;
using Kitaru.Client.Status;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Kitaru.UnitTests.Configuration;

namespace Kitaru.UnitTests.Stacks;

public sealed class ActiveStackTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kitaru-active-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Create_Activates_ForTheUser_AndRunsGoThere()
    {
        await using var kitaru = Client();

        var created = await kitaru.Stacks.CreateAsync("dev");

        (created.IsActive, created.PreviousActive).ShouldBe((true, "default"));
        File.ReadAllText(UserFile).ShouldBe($"active_stack_id: {created.Stack.Id}\n");
        (await kitaru.Stacks.CurrentAsync()).Stack.Name.ShouldBe("dev");
        var execution = await RunAsync(kitaru);
        execution.StackName.ShouldBe("dev");
        execution.Spec!["resolved_execution"]!["stack_source"]!.ToString().ShouldBe("zenml_active_stack");
        (await kitaru.Stacks.CreateAsync("other", activate: false)).ShouldSatisfyAllConditions(
            other => other.IsActive.ShouldBeFalse(), other => other.PreviousActive.ShouldBeNull());
        (await kitaru.Stacks.ListAsync()).Select(info => (info.Stack.Name, info.IsActive)).ShouldBe([("default", false), ("dev", true), ("other", false)]);
    }

    [Fact]
    public async Task Use_InAProject_IsOfTheProject()
    {
        var project = Directory.CreateDirectory(Path.Combine(_folder, "project", ".kitaru")).Parent!.FullName;
        await using var outside = Client();
        await outside.Stacks.CreateAsync("dev");
        await outside.Stacks.CreateAsync("prod", activate: false);
        await using var inside = Client(Directory.CreateDirectory(Path.Combine(project, "src")).FullName);
        (await inside.Stacks.CurrentAsync()).Stack.Name.ShouldBe("dev");

        await inside.Stacks.UseAsync("prod");

        (await inside.Stacks.CurrentAsync()).Stack.Name.ShouldBe("prod");
        (await outside.Stacks.CurrentAsync()).Stack.Name.ShouldBe("dev");
        File.Exists(Path.Combine(project, ".kitaru", "config.yaml")).ShouldBeTrue();
    }

    [Fact]
    public async Task Run_ActiveStackIsGone_IsRefused_UnlessAStackIsNamed()
    {
        await using var kitaru = Client();
        Directory.CreateDirectory(Path.GetDirectoryName(UserFile)!);
        File.WriteAllText(UserFile, "active_stack_id: 0199c0de-0000-7000-8000-000000000000\n");

        var fault = await Should.ThrowAsync<KitaruStateException>(() => RunAsync(kitaru));

        fault.Message.ShouldContain(UserFile);
        fault.Message.ShouldContain("0199c0de");
        (await kitaru.Executions.ListAsync()).Total.ShouldBe(0);
        (await RunAsync(kitaru, "default")).StackName.ShouldBe("default");
        var status = await RuntimeSnapshots.TakeAsync(kitaru);
        status.ActiveStack.ShouldBe("default");
        status.ToJson()["warning"]!.ToString().ShouldContain("Saved id: 0199c0de-0000-7000-8000-000000000000\nLoaded stack: default");
    }

    [Fact]
    public async Task Delete_Active_NeedsForce_AndActivatesTheBuiltInOne()
    {
        await using var kitaru = Client();
        await kitaru.Stacks.CreateAsync("dev");

        (await Should.ThrowAsync<KitaruStateException>(() => kitaru.Stacks.DeleteAsync("dev"))).NextStep.ShouldNotBeNull().ShouldContain("force=true");
        var deleted = await kitaru.Stacks.DeleteAsync("dev", recursive: true, force: true);

        (deleted.Stack.Name, deleted.NewActive).ShouldBe(("dev", "default"));
        (await kitaru.Stacks.CurrentAsync()).Stack.Name.ShouldBe("default");
        (await RunAsync(kitaru)).StackName.ShouldBe("default");
        await Should.ThrowAsync<KitaruStateException>(() => kitaru.Stacks.DeleteAsync("dev"));
        await Should.ThrowAsync<KitaruStateException>(() => kitaru.Stacks.DeleteAsync("default", force: true));
    }

    [Fact]
    public async Task Replay_StackIsGone_KeepsItsNameAndSettings()
    {
        await using var kitaru = Client();
        await kitaru.Stacks.CreateAsync("dev", activate: false);
        var source = await RunAsync(kitaru, "dev", retries: 2);
        await kitaru.Stacks.DeleteAsync("dev");

        var replay = await kitaru.Executions.ReplayAsync(source.Id, "step");
        await replay.WaitAsync();

        var record = (await kitaru.Executions.GetAsync(replay.Id)).Execution;
        (record.StackName, record.Retries).ShouldBe(("dev", 2));
        record.Spec!.ToJsonString().ShouldBe(source.Spec!.ToJsonString());
        var changed = await kitaru.Executions.ReplayAsync(source.Id, "step", new ReplayOptions { Stack = "default", Cache = true });
        await changed.WaitAsync();
        (await kitaru.Executions.GetAsync(changed.Id)).Execution.Spec!["resolved_execution"]!.ToJsonString().ShouldBe("""{"stack":"default","image":null,"cache":true,"retries":2}""");
    }

    [Theory]
    [InlineData("kubernetes")]
    [InlineData("vertex")]
    [InlineData("sagemaker")]
    [InlineData("azureml")]
    public async Task Run_OnATypeNothingHereRuns_IsRefused_AndStoresNothing(string type)
    {
        await using var kitaru = Client();
        var created = await kitaru.Stacks.CreateAsync(StackRulesTests.Valid(type));
        created.Warning.ShouldNotBeNull().ShouldContain(type);

        var inherited = await Should.ThrowAsync<KitaruFeatureNotAvailableException>(() => RunAsync(kitaru));
        var named = await Should.ThrowAsync<KitaruFeatureNotAvailableException>(() => RunAsync(kitaru, "s"));
        var before = await Should.ThrowAsync<KitaruFeatureNotAvailableException>(
            () => kitaru.RunTargetAsync($"{typeof(ActiveStackTests).Assembly.Location}:plain", options: new RunOptions { Stack = "s" }));

        foreach (var fault in new[] { inherited, named, before })
        {
            fault.Message.ShouldContain($"The stack 's' is of type {type}");
            fault.NextStep.ShouldNotBeNullOrEmpty();
        }
        (await kitaru.Executions.ListAsync()).Total.ShouldBe(0);
        var done = await RunAsync(kitaru, "default");
        await Should.ThrowAsync<KitaruFeatureNotAvailableException>(() => kitaru.Executions.ReplayAsync(done.Id, "step", new ReplayOptions { Stack = "s" }));
    }

    [Fact]
    public async Task Create_Credentials_AreASecretOfTheStack_AndGoWithIt()
    {
        await using var kitaru = Client();
        var created = await kitaru.Stacks.CreateAsync(StackRulesTests.Valid("sagemaker") with { Credentials = "aws-access-keys:ID:hush-hush" }, activate: false);

        created.Stack.Settings.ToJsonString().ShouldNotContain("hush");
        var controlPlane = await kitaru.OpenAsync();
        var secret = (await controlPlane.Secrets.ListAsync()).ShouldHaveSingleItem();
        (secret.IsPrivate, string.Join(',', secret.Keys)).ShouldBe((true, "id,secret"));
        await Should.ThrowAsync<KitaruStateException>(
            () => kitaru.Stacks.CreateAsync(StackRulesTests.Valid("sagemaker") with { Credentials = "aws-access-keys:ID:other" }));
        (await controlPlane.Secrets.ListAsync()).Count.ShouldBe(1);

        await kitaru.Stacks.DeleteAsync("s");
        (await controlPlane.Secrets.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_SecretOfTheImageIsNotThere_IsRefusedByName()
    {
        await using var kitaru = Client();
        await (await kitaru.OpenAsync()).Secrets.CreateAsync("openai-creds", new Dictionary<string, string> { ["API_KEY"] = "x" });

        var fault = await Should.ThrowAsync<KitaruUsageException>(() => kitaru.RunAsync(
            () => SettingsFlows.Plain(), new RunOptions { Image = new ImageSettings { SecretEnvironmentFrom = ["openai-cred"] } }));

        fault.Message.ShouldContain("Did you mean 'openai-creds'?");
    }

    [Theory]
    [InlineData("", "active_stack_id: x\n")]
    [InlineData("# mine\nother: 1 # one\n", "# mine\nother: 1 # one\nactive_stack_id: x\n")]
    [InlineData("other: 1", "other: 1\nactive_stack_id: x\n")]
    [InlineData("a: 1\nactive_stack_id: old # why\nb: [1, 2]\n", "a: 1\nactive_stack_id: x # why\nb: [1, 2]\n")]
    [InlineData("active_stack_id: \"old\"\n", "active_stack_id: x\n")]
    [InlineData("active_stack_id:\nb: 1\n", "active_stack_id: x\nb: 1\n")]
    [InlineData("active_stack_id: null\r\nb: 1\r\n", "active_stack_id: x\r\nb: 1\r\n")]
    [InlineData("{a: 1}", "{active_stack_id: x, a: 1}")]
    [InlineData("{}", "{active_stack_id: x}")]
    public async Task ConfigFile_Write_ChangesNothingElse(string before, string after)
    {
        var file = new ConfigFile(Path.Combine(_folder, "config.yaml"), new ConfigDirectory(Path.Combine(_folder, "config")));
        File.WriteAllText(file.Path, before);

        await file.WriteAsync("active_stack_id", "x", TimeProvider.System, default);

        File.ReadAllText(file.Path).ShouldBe(after);
        file.Read("active_stack_id").ShouldBe("x");
        Directory.GetFiles(_folder).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task ConfigFile_ManyWriteAtOnce_NoKeyIsLost()
    {
        var config = new ConfigDirectory(Path.Combine(_folder, "config"));
        var path = Path.Combine(_folder, "config.yaml");

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 16), async (i, cancellationToken) => await new ConfigFile(path, config).WriteAsync($"key{i}", $"{i}", TimeProvider.System, cancellationToken));

        File.ReadAllLines(path).Order().ShouldBe(Enumerable.Range(0, 16).Select(i => $"key{i}: {i}").Order());
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task Delete_Active_ChangesTheFilesItIsSavedIn(bool inProject, bool inUser)
    {
        await using var kitaru = Client();
        var stack = (await kitaru.Stacks.CreateAsync("dev", activate: false)).Stack;
        var projectFile = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, ".kitaru")).FullName, "config.yaml");
        File.WriteAllText(projectFile, "mine: 1\n" + (inProject ? $"active_stack_id: {stack.Id}\n" : ""));
        File.WriteAllText(UserFile, inUser ? $"active_stack_id: {stack.Id}\n" : "other: 1\n");

        await kitaru.Stacks.DeleteAsync("dev", force: true);

        File.ReadAllText(projectFile).ShouldBe("mine: 1\n" + (inProject ? $"active_stack_id: {StackRecord.BuiltIn.Id}\n" : ""));
        File.ReadAllText(UserFile).ShouldBe(!inUser ? "other: 1\n" : inProject ? "active_stack_id: null\n" : $"active_stack_id: {StackRecord.BuiltIn.Id}\n");
        (await RunAsync(kitaru)).StackName.ShouldBe("default");
        Directory.GetFiles(Path.GetDirectoryName(projectFile)!).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("- a\n", "one mapping")]
    [InlineData("a: [1\n", "not YAML")]
    [InlineData("a: 1\na: 2\n", "not YAML")]
    [InlineData("active_stack_id: [1]\n", "must be a text")]
    [InlineData("a\n", "one mapping")]
    [InlineData("a: &x [ *x ]\n? *x\n: 1\n", "one mapping")]
    [InlineData("a: &x 1\nactive_stack_id: *x\n", "it is a reference")]
    [InlineData("a: 1\n---\nb: 1\n", "one mapping")]
    public async Task Current_MalformedFile_IsNamed_AndStatusStillAnswers(string text, string says)
    {
        await using var kitaru = Client();
        Directory.CreateDirectory(Path.GetDirectoryName(UserFile)!);
        File.WriteAllText(UserFile, text);

        var fault = await Should.ThrowAsync<KitaruUsageException>(() => kitaru.Stacks.CurrentAsync());

        fault.Message.ShouldContain(UserFile);
        fault.Message.ShouldContain(says);
        (await RuntimeSnapshots.TakeAsync(kitaru)).ToJson()["warning"]!.ToString().ShouldContain(UserFile);
        await Should.ThrowAsync<KitaruUsageException>(() => kitaru.Stacks.CreateAsync("dev"));
        // Which server to work on stands in that file too: nothing is done on a guess.
        if (text.Contains("active_stack_id", StringComparison.Ordinal))
            (await (await kitaru.OpenAsync()).Stacks.ListAsync()).Count.ShouldBe(1);
        else
            (await Should.ThrowAsync<KitaruUsageException>(async () => await kitaru.OpenAsync())).Message.ShouldContain(UserFile);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("a: [")]
    public async Task Current_NestedDeep_IsNamed(string nested)
    {
        await using var kitaru = Client();
        Directory.CreateDirectory(Path.GetDirectoryName(UserFile)!);
        File.WriteAllText(UserFile, string.Concat(Enumerable.Repeat(nested, 10_000)));

        (await Should.ThrowAsync<KitaruUsageException>(() => kitaru.Stacks.CurrentAsync())).Message.ShouldContain(UserFile);
    }

    private string UserFile => Path.Combine(_folder, "config", "config.yaml");

    private KitaruClient Client(string? folder = null) => KitaruClient.Connect(new KitaruClientOptions
    {
        ConfigPath = Path.Combine(_folder, "config"),
        WorkingDirectory = folder ?? _folder,
        Environment = _ => null,
    });

    private static async Task<ExecutionRecord> RunAsync(KitaruClient kitaru, string? stack = null, int? retries = null)
    {
        var handle = await kitaru.RunAsync(() => SettingsFlows.Stepped(), new RunOptions { Stack = stack, Retries = retries });
        await handle.WaitAsync();
        return (await kitaru.Executions.GetAsync(handle.Id)).Execution;
    }
}
