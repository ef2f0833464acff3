using System.Text;
using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Core.Wire;
using Kitaru.Testing;

namespace Kitaru.SimulationTests.Testing;

public sealed class SecretTests
{
    private const string Code = "hunter2-is-the-code";

    private static readonly Dictionary<string, IReadOnlyDictionary<string, string>> Secrets = new()
    {
        ["bank"] = new Dictionary<string, string> { ["PIN_CODE"] = Code, ["USER_NAME"] = "alice-in-chains" },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Secret_InABody_IsReadOnEveryRun_AndRecordsNothing(bool alwaysReplay)
    {
        await using var host = new FlowTestHost(new FlowTestOptions { Secrets = Secrets, AlwaysReplay = alwaysReplay });

        var run = await host.RunAsync(() => SecretFlows.Careful());

        run.Result.ShouldBe($"{Code.Length} and True");
        run.Calls.ShouldHaveSingleItem().Name.ShouldBe("send");
    }

    [Fact]
    public async Task Secret_WithAStoreThatFails_IsReadAllTheSame()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            await using var host = new FlowTestHost(new FlowTestOptions { Secrets = Secrets, Seed = seed, Faults = new() { FailBefore = 0.1, FailAfterCommit = 0.1 } });
            (await host.RunAsync(() => SecretFlows.Careful())).Status.ShouldBe(ExecutionStatus.Completed);
        }
    }

    [Fact]
    public async Task Careless_Flow_RecordsNoValueAnywhere_AndGetsWhatWasRecorded()
    {
        await using var host = new FlowTestHost(new FlowTestOptions { Secrets = Secrets, AlwaysReplay = true });

        var run = await host.RunAsync(() => SecretFlows.Careless());
        run.PendingWaits.ShouldHaveSingleItem().Question.ShouldBe("Is it ***?");
        await run.AnswerAsync("wait_***", "yes");

        var report = run.Result;
        (report.Code, report.Echoed, report.Map["***"]).ShouldBe(("***", "echo ***", "yes"));
        run.Calls.Select(call => call.Name).ShouldBe(["echo", "named ***"]);
        await ShouldHoldNothingAsync(host, run);
        var log = await host.ControlPlane.Logs.ReadAsync(new LogQuery { ExecutionId = run.Id });
        log.Select(line => line.Message).ShouldContain("logged ***");
        log.ShouldContain(line => line.Level == "WARNING" && line.Message.Contains("'echo'", StringComparison.Ordinal) && line.Message.Contains("'bank'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failing_Flow_SaysWhyWithoutTheValue()
    {
        await using var host = new FlowTestHost(new FlowTestOptions { Secrets = Secrets });

        var run = await host.RunAsync(() => SecretFlows.Failing());

        run.Failure.ShouldNotBeNull().Message.ShouldContain("cannot log in with ***");
        run.Failure.Traceback.ShouldNotBeNull().ShouldContain("ArgumentException: ***");
        await ShouldHoldNothingAsync(host, run);
    }

    [Theory]
    [InlineData("none", "K", "There is no secret 'none'")]
    [InlineData("bank", "PIN_COD", "Secret 'bank' has no key 'PIN_COD'. Did you mean")]
    [InlineData(" ", "K", "must not be blank")]
    public async Task Missing_Secret_FailsTheFlowWithItsName(string name, string key, string says)
    {
        await using var host = new FlowTestHost(new FlowTestOptions { Secrets = Secrets });

        var run = await host.RunAsync(() => SecretFlows.Missing(name, key));

        run.Failure.ShouldNotBeNull().Message.ShouldContain(says);
    }

    [Fact]
    public async Task Text_ThatBecomesKnownAsAValueLater_DoesNotDiverge()
    {
        await using var host = new FlowTestHost(new FlowTestOptions { Secrets = Secrets, AlwaysReplay = true });
        var run = await host.RunAsync(() => SecretFlows.Coincidence(Code));
        await host.RunAsync(() => SecretFlows.Careful());

        await run.AnswerAsync("go_on", true);

        run.Result.ShouldBe(2 * Code.Length);
    }

    [Fact]
    public async Task Secret_OutsideAFlow_IsAContextError()
    {
        var error = await Should.ThrowAsync<KitaruContextException>(async () => await Flow.SecretAsync("bank", "PIN_CODE"));

        error.NextStep.ShouldNotBeNull().ShouldContain("KitaruClient.Secrets.GetAsync");
    }

    private static async Task ShouldHoldNothingAsync(FlowTestHost host, FlowTestRun run)
    {
        var text = new StringBuilder(KitaruJson.Write(ExecutionJson.Full(run.Detail, null, null)));
        foreach (var line in await host.ControlPlane.Logs.ReadAsync(new LogQuery { ExecutionId = run.Id }))
            text.Append(line.Message);
        foreach (var artifact in run.Detail.Artifacts)
            text.Append(Encoding.UTF8.GetString(await host.ControlPlane.Artifacts.ReadAllAsync((await host.ControlPlane.Artifacts.GetAsync(artifact.Id)).Value)));
        text.ToString().ShouldNotContain("hunter2");
        text.ToString().ShouldNotContain("alice-in");
        // All there is, also what no client shows.
        var stored = host.Database.Read(Dump);
        foreach (var value in (string[])[Code, "alice-in-chains"])
        {
            stored.ShouldNotContain(Convert.ToHexString(Encoding.UTF8.GetBytes(value)));
            stored.ShouldNotContain(Convert.ToHexString(Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(value)))));
        }
    }

    private static string Dump(Connection connection)
    {
        var dump = new StringBuilder();
        const string columns = "SELECT group_concat(t.name || '.' || c.name) FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'";
        foreach (var column in connection.Scalar(columns)!.Split(',').Select(name => name.Split('.')))
            dump.AppendLine(connection.Scalar($"SELECT coalesce(group_concat(hex(cast([{column[1]}] AS BLOB)), ' '), '') FROM [{column[0]}]"));
        return dump.ToString();
    }
}
