using System.Linq.Expressions;
using System.Text.Json.Nodes;

namespace Kitaru.UnitTests.Configuration;

/// <summary>Which layer wins (docs/configuration.md), seen from outside: what is stored with an execution.</summary>
public sealed class SettingsTests : IDisposable
{
    // From the highest layer to the lowest; what each says of each field.
    private static readonly string[] Layers = ["call", "flow", "defaults", "environment", "file"];
    private static readonly Dictionary<string, bool> Caches = new()
    {
        ["call"] = true,
        ["flow"] = false,
        ["defaults"] = true,
        ["environment"] = false,
        ["file"] = true,
    };
    private static readonly Dictionary<string, int> Retries = new()
    {
        ["call"] = 1,
        ["flow"] = 2,
        ["defaults"] = 3,
        ["environment"] = 4,
        ["file"] = 5,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("kitaru-settings-").FullName;

    public static TheoryData<int> Masks => [.. Enumerable.Range(0, 1 << Layers.Length)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>All 32 sets of layers: the highest one that is there wins, environments of images add up.</summary>
    [Theory]
    [MemberData(nameof(Masks))]
    public async Task Run_AnySetOfLayers_TheHighestWins_AndImagesMerge(int mask)
    {
        var there = Layers.Where((_, index) => (mask & (1 << index)) != 0).ToList();
        var call = new RunOptions();
        var defaults = new ExecutionSettings();
        var variables = new Dictionary<string, string>();
        if (there.Contains("call"))
            call = call with { Image = ImageOf("call"), Cache = Caches["call"], Retries = Retries["call"] };
        if (there.Contains("defaults"))
            defaults = new() { Image = ImageOf("defaults"), Cache = Caches["defaults"], Retries = Retries["defaults"] };
        if (there.Contains("environment"))
            variables = new() { ["KITARU_IMAGE"] = JsonOf("environment"), ["KITARU_CACHE"] = "Off", ["KITARU_RETRIES"] = "4" };
        if (there.Contains("file"))
            File.WriteAllText(Path.Combine(_folder, "kitaru.json"), $$"""{ /* ours */ "image": {{JsonOf("file")}}, "cache": true, "retries": 5, }""");

        // The flow's stack is not there in this test.
        var resolved = await ResolvedAsync(there.Contains("flow") ? "flow" : "", call with { Stack = "default" }, defaults, variables);

        ((bool?)resolved["cache"]).ShouldBe(there.Count == 0 ? null : Caches[there[0]]);
        resolved["retries"]!.GetValue<int>().ShouldBe(there.Count == 0 ? 0 : Retries[there[0]]);
        if (there.Count == 0)
        {
            resolved["image"].ShouldBeNull();
            return;
        }
        resolved["image"]!["base_image"]!.ToString().ShouldBe("of-" + there[0]);
        var environment = resolved["image"]!["environment"]!.AsObject();
        environment["WHO"]!.ToString().ShouldBe("of-" + there[0]);
        environment.Select(pair => pair.Key).ShouldBe(["WHO", .. there.Select(layer => layer.ToUpperInvariant())], ignoreOrder: true);
    }

    [Fact]
    public async Task Run_NothingSetAnywhere_RunsOnTheBuiltInStack()
    {
        var resolved = await ResolvedAsync("", new RunOptions());

        resolved.ToJsonString().ShouldBe("""{"stack":"default","image":null,"cache":null,"retries":0}""");
    }

    [Fact]
    public async Task Run_ProjectFileNearer_TheOtherIsNotLookedAt()
    {
        var inner = Directory.CreateDirectory(Path.Combine(_folder, "a", "b")).FullName;
        File.WriteAllText(Path.Combine(_folder, "kitaru.json"), """{"retries": 7, "cache": true}""");
        File.WriteAllText(Path.Combine(_folder, "a", "kitaru.json"), """{"retries": 8, "server_url": "https://kitaru.example", "project": "p"}""");

        var resolved = await ResolvedAsync("", new RunOptions { WorkingDirectory = inner });

        resolved["retries"]!.GetValue<int>().ShouldBe(8);
        resolved["cache"].ShouldBeNull();
    }

    [Fact]
    public async Task Run_SecretLookingVariable_IsHiddenInTheSpec()
    {
        var resolved = await ResolvedAsync("", new RunOptions { Image = ImageSettings.ParseText("""{"environment": {"API_KEY": "hush", "REGION": "eu"}}""") });

        resolved["image"]!.ToJsonString().ShouldBe("""{"environment":{"API_KEY":"***","REGION":"eu"}}""");
    }

    [Fact]
    public async Task Run_InAProgram_SaysThatVariablesHaveNoEffect()
    {
        await using var kitaru = Client(new ExecutionSettings(), []);

        var handle = await kitaru.RunAsync(() => SettingsFlows.Plain(), new RunOptions { Image = ImageSettings.ParseText("""{"environment": {"A": "1"}, "user": "u"}""") });

        handle.Warning.ShouldNotBeNull().ShouldContain("user is stored and without effect");
        handle.Warning.ShouldContain("inside this program");
        (await handle.WaitAsync()).ShouldBe("done");
    }

    [Theory]
    [InlineData("KITARU_RUNNER", "x", "KITARU_STACK")]
    [InlineData("KITARU_STACK", " ", "blank")]
    [InlineData("KITARU_STACK", "gpu", "There is no stack 'gpu'")]
    [InlineData("KITARU_CACHE", "maybe", "one of 1, true")]
    [InlineData("KITARU_CACHE", "", "blank")]
    [InlineData("KITARU_RETRIES", "-1", "at least 0")]
    [InlineData("KITARU_RETRIES", "two", "at least 0")]
    [InlineData("KITARU_IMAGE", "", "blank")]
    [InlineData("KITARU_IMAGE", "{\"bas\": 1}", "no key 'bas'")]
    public async Task Run_WrongVariable_IsRefusedByName(string name, string value, string says)
    {
        var fault = await Should.ThrowAsync<KitaruUsageException>(() => ResolvedAsync("", new RunOptions(), variables: new() { [name] = value }));

        fault.Message.ShouldContain(says);
        (fault.Message + fault.Details!["argument"] + fault.Details["source"]).ShouldContain(name == "KITARU_STACK" && value == "gpu" ? "the environment" : name);
    }

    [Theory]
    [InlineData("""{"stak": "x"}""", "Did you mean 'stack'?")]
    [InlineData("""{"runner": "x"}""", "renamed to stack")]
    [InlineData("""{"stack": " "}""", "not blank")]
    [InlineData("""{"stack": 3}""", "a text, got 3")]
    [InlineData("""{"cache": "true"}""", "true or false")]
    [InlineData("""{"retries": -1}""", "at least 0")]
    [InlineData("""{"retries": 1.5}""", "at least 0")]
    [InlineData("""{"image": {"environment": {"A=": "x"}}}""", "without '='")]
    [InlineData("""{"server_url": "ftp://x"}""", "http or https")]
    [InlineData("""{"project": ""}""", "not blank")]
    [InlineData("[]", "a JSON object")]
    [InlineData("stack: default", "JSON")]
    [InlineData("""{"stack": "a", "stack": "b"}""", "JSON")]
    [InlineData("""{"stack": "gpu"}""", "There is no stack 'gpu'")]
    public async Task Run_WrongProjectFile_IsRefusedByFileAndKey(string text, string says)
    {
        var path = Path.Combine(_folder, "kitaru.json");
        File.WriteAllText(path, text);

        var fault = await Should.ThrowAsync<KitaruUsageException>(() => ResolvedAsync("", new RunOptions()));

        fault.Message.ShouldContain(says);
        fault.Message.ShouldContain(path);
        fault.NextStep.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Run_UnknownStack_NamesTheNearest()
    {
        var fault = await Should.ThrowAsync<KitaruUsageException>(() => ResolvedAsync("", new RunOptions { Stack = "defualt" }));

        fault.Message.ShouldContain("Did you mean 'default'?");
        fault.Details!["argument"]!.ToString().ShouldBe("stack");
    }

    private async Task<JsonObject> ResolvedAsync(
        string flow, RunOptions options, ExecutionSettings? defaults = null, Dictionary<string, string>? variables = null)
    {
        await using var kitaru = Client(defaults ?? new ExecutionSettings(), variables ?? []);
        options = options with { WorkingDirectory = options.WorkingDirectory ?? _folder };
        Expression<Func<string>> run = flow == "flow" ? () => SettingsFlows.Attributed() : () => SettingsFlows.Plain();
        var handle = await kitaru.RunAsync(run, options);
        await handle.WaitAsync();
        var execution = (await kitaru.Executions.GetAsync(handle.Id)).Execution;
        execution.Retries.ShouldBe(execution.Spec!["resolved_execution"]!["retries"]!.GetValue<int>());
        execution.StackName.ShouldBe(execution.Spec["resolved_execution"]!["stack"]!.ToString());
        return execution.Spec["resolved_execution"]!.AsObject();
    }

    private KitaruClient Client(ExecutionSettings defaults, Dictionary<string, string> variables) => KitaruClient.Connect(new KitaruClientOptions
    {
        ConfigPath = Path.Combine(_folder, "config"),
        Defaults = defaults,
        Environment = name => variables.GetValueOrDefault(name),
    });

    private static ImageSettings ImageOf(string layer) => ImageSettings.ParseText(JsonOf(layer));

    private static string JsonOf(string layer) =>
        $$$"""{"base_image": "of-{{{layer}}}", "environment": {"WHO": "of-{{{layer}}}", "{{{layer.ToUpperInvariant()}}}": "1"}}""";
}
