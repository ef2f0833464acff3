using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Trouble;

/// <summary>Flows that go wrong in their own code: each a clear, typed end.</summary>
public sealed class FailureTests : EndToEndTest
{
    [Fact]
    public async Task Exceptions_AreTheUsersOwn()
    {
        var server = await StartServerAsync();
        var file = Home.AddFlow("Trouble.cs");

        var thrown = (await server.RunToEndAsync($"{file}:throws")).ShouldHaveEnded("failed");
        thrown.FailureMessage.ShouldContain("the flow's own words");
        thrown.Origin.ShouldBe("user_code");
        ((string)thrown.Failure["exception_type"]!).ShouldBe("System.InvalidOperationException");
        ((string)thrown.Failure["traceback"]!).ShouldContain("Trouble.Throws");
        ((string)thrown.Checkpoints.ShouldHaveSingleItem()!["status"]!).ShouldBe("completed");

        var step = (await server.RunToEndAsync($"{file}:checkpoint_throws")).ShouldHaveEnded("failed");
        step.FailureMessage.ShouldContain("a bad shape");
        step.Origin.ShouldBe("user_code");
        ((string)step.Checkpoints.ShouldHaveSingleItem()!["status"]!).ShouldBe("failed");
    }

    [Fact]
    public async Task ValuesThatCannotBeSerialized_SayWhichAndWhatToReturn()
    {
        var server = await StartServerAsync();
        var file = Home.AddFlow("Trouble.cs");

        var step = (await server.RunToEndAsync($"{file}:unserializable_step")).ShouldHaveEnded("failed");
        step.FailureMessage.ShouldContain("result of checkpoint 'handle'");
        step.FailureMessage.ShouldContain("System.Text.Json");
        step.Origin.ShouldBe("runtime");

        var result = (await server.RunToEndAsync($"{file}:unserializable_result")).ShouldHaveEnded("failed");
        result.FailureMessage.ShouldContain("result of flow 'unserializable_result'");
        result.Origin.ShouldBe("runtime");
    }

    [Fact]
    public async Task EnvironmentExit_FailsTheExecutionAndNothingElse()
    {
        var server = await StartServerAsync();
        var file = Home.AddFlow("Trouble.cs");

        var inStep = (await server.RunToEndAsync($"{file}:exit_in_checkpoint")).ShouldHaveEnded("failed");
        inStep.FailureMessage.ShouldContain("exit code 7");
        inStep.FailureMessage.ShouldContain("leave");
        inStep.FailureMessage.ShouldContain("Environment.Exit");
        inStep.Origin.ShouldBe("user_code");

        var inBody = (await server.RunToEndAsync($"{file}:exit_in_body")).ShouldHaveEnded("failed");
        inBody.FailureMessage.ShouldContain("the flow body");

        (await server.RunToEndAsync($"{file}:reads")).ShouldHaveEnded("completed").Result<string>().ShouldBe("[end]");
    }

    [Theory]
    [InlineData("throw_on_thread", "thread", "nobody catches this")]
    [InlineData("overflow", "recurse", "Stack overflow")]
    [InlineData("fatal", "failfast", "as loud as it gets")]
    public async Task ProcessThatDiesOverAndOver_IsGivenUpWithTheReason(string flow, string line, string lastWords)
    {
        var server = await StartServerAsync();

        var execution = (await server.RunToEndAsync($"{Home.AddFlow("Trouble.cs")}:{flow}", new { ledger = Home.LedgerPath })).ShouldHaveEnded("failed");

        execution.FailureMessage.ShouldContain("died 5 times in a row");
        execution.Origin.ShouldBe("runtime");
        Home.Ledger.Count(line).ShouldBe(5);
        (await server.LogsAsync(execution.Data["exec_id"]!.ToString(), source: "runner")).ShouldContain(lastWords);
    }

    [Fact]
    public async Task FlowThatKillsItsWorkers_DoesNotTakeItsNeighboursDown()
    {
        var server = await StartServerAsync();
        var file = Home.AddFlow("Trouble.cs");
        var slow = new List<string>();
        for (var i = 0; i < 2; i++)
            slow.Add(await server.RunAsync($"{file}:slow", new { ledger = Home.LedgerPath }));
        await Home.Ledger.HasLinesAsync(2);

        var fatal = await server.RunAsync($"{file}:fatal", new { ledger = Home.LedgerPath });

        (await server.RestAsync(fatal)).ShouldHaveEnded("failed").FailureMessage.ShouldContain("died 5 times in a row");
        foreach (var id in slow)
            (await server.RestAsync(id)).ShouldHaveEnded("completed").Result<string>().ShouldBe("slow but fine");
    }

    [Fact]
    public async Task BodyThatAwaitsWhatIsNotRecorded_IsToldSo()
    {
        var server = await StartServerAsync();
        var started = await server.TryRunAsync($"{Home.AddFlow("Unrecorded.cs")}:dozes");
        if (started.IsError)
        {
            started.ShouldBeError("KitaruBuildError", "KIT", "Unrecorded.cs(");
            return;
        }

        var execution = (await server.RestAsync((string)started.Data["exec_id"]!)).ShouldHaveEnded("failed");
        execution.FailureMessage.ShouldContain("not recorded");
        execution.Origin.ShouldBe("user_code");
    }
}
