namespace Kitaru.CliTests.Runs;

/// <summary>What is there but was mistyped is offered.</summary>
public class MisspeltTests : IClassFixture<MisspeltTests.Deployed>
{
    private readonly Deployed _there;

    public MisspeltTests(Deployed there) => _there = there;

    [Theory]
    [InlineData("flow show gret", "Did you mean 'greet'?")]
    [InlineData("flow deployments list grete", "Did you mean 'greet'?")]
    [InlineData("flow deployments show greet --tag stabel", "Did you mean 'stable'?")]
    [InlineData("flow deployments logs greet --tag stabel", "Did you mean 'stable'?")]
    [InlineData("flow tag geet canary --version 1", "Did you mean 'greet'?")]
    [InlineData("flow deployments delete gret --version 1", "Did you mean 'greet'?")]
    [InlineData("invoke greet --tag stabel", "Did you mean 'stable'?")]
    [InlineData("run flows/Tasks.cs:gret", "greet")]
    [InlineData("run flows/Tasks.cs:greet --stack defualt --input {\"name\":\"tea\"}", "default")]
    [InlineData("executions latest --flow gret", "Did you mean 'greet'?")]
    [InlineData("executions latest --tag nigtly", "Did you mean 'nightly'?")]
    [InlineData("executions latest --stack defualt", "Did you mean 'default'?")]
    [InlineData("executions list --status complete", "Did you mean 'completed'?")]
    [InlineData("executions get {prefix}", "Did you mean '{id}'?")]
    [InlineData("executions cancel {typo}", "Did you mean '{id}'?")]
    [InlineData("executions logs {typo} --follow", "Did you mean '{id}'?")]
    [InlineData("executions replay {id} --from helo", "hello")]
    [InlineData("executions statistics --group-by statsu", "Did you mean 'status'?")]
    [InlineData("executions logs {id} --source stpe", "Did you mean 'step'?")]
    [InlineData("executions retry {id} --code curent", "Did you mean 'current'?")]
    public async Task Command_WithAMistypedName_OffersTheNearestOne(string line, string offered)
    {
        var result = (await _there.World.RunAsync(_there.Fill(line))).ShouldFail();

        result.Error.ShouldStartWith("Error: ");
        result.Error.ShouldContain(_there.Fill(offered));
    }

    [Theory]
    [InlineData("executions list --flow gret", "Did you mean 'greet'?")]
    [InlineData("executions list --tag nigtly", "Did you mean 'nightly'?")]
    public async Task List_ThatIsEmptyBecauseOfAMistypedFilter_SaysSo(string line, string offered)
    {
        var result = (await _there.World.RunAsync(line)).ShouldSucceed();

        result.Output.ShouldBe("Kitaru executions\n  executions: none found\n");
        result.Error.ShouldContain(offered);
    }

    [Theory]
    [InlineData("executions input {id}", "Neither --value nor --abort was given.")]
    [InlineData("executions input {id} --value true --abort", "--value and --abort exclude each other.")]
    [InlineData("executions input {id} --value true", "waits for no input")]
    [InlineData("executions input {id} --value {", "--value: not JSON at line 1, column 2")]
    [InlineData("executions input --interactive", "--interactive needs a terminal")]
    [InlineData("executions input --interactive --value 1", "--interactive excludes --value.")]
    [InlineData("executions list --limit 3 --page 2", "--limit excludes --page and --size.")]
    [InlineData("executions logs {id} --checkpoint hello --source runner", "--checkpoint excludes --source runner")]
    [InlineData("executions logs {id} --interval 0", "--interval: expected seconds above 0, got 0.")]
    [InlineData("executions tag {id}", "Neither --add nor --remove was given.")]
    [InlineData("run flows/Tasks.cs:greet --input [1]", "--input: expected a JSON object, got a list.")]
    [InlineData("run flows/Tasks.cs:greet --input @nowhere.json", "nowhere.json' cannot be read")]
    [InlineData("flow deployments curl greet", "There is no server")]
    [InlineData("flow untag greet default --version 1", "default")]
    public async Task Command_ThatMakesNoSense_SaysWhy(string line, string why)
    {
        var result = (await _there.World.RunAsync(_there.Fill(line))).ShouldFail();
        result.Error.ShouldContain(why);
        result.Error.ShouldNotContain("kitaru_", Case.Sensitive);
    }

    /// <summary>A flow that was run once, with a tag, and deployed with another.</summary>
    public sealed class Deployed : IAsyncLifetime
    {
        private string _id = "";

        internal FlowWorld World { get; } = new();

        public async Task InitializeAsync()
        {
            _id = (await World.StartFlowAsync("greet", """{"name":"tea"}""", "--tag", "nightly"))["exec_id"]!.ToString();
            (await World.RunAsync("deploy flows/Tasks.cs:greet --tag stable")).ShouldSucceed();
        }

        public Task DisposeAsync() => World.DisposeAsync().AsTask();

        internal string Fill(string text) => text.Replace("{id}", _id, StringComparison.Ordinal)
            .Replace("{prefix}", _id[..13], StringComparison.Ordinal).Replace("{typo}", $"{_id[..^2]}{(_id.EndsWith("00", StringComparison.Ordinal) ? "11" : "00")}", StringComparison.Ordinal);
    }
}
