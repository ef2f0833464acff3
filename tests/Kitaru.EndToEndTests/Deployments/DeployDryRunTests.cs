using System.Text.Json.Nodes;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Deployments;

/// <summary>A dry run says which executions in flight could go on with the new code, runs none of their checkpoints, and stores nothing.</summary>
public sealed class DeployDryRunTests : EndToEndTest
{
    [Fact]
    public async Task DryRun_SaysOfEachExecutionInFlight_WhetherItsJournalFitsTheNewCode()
    {
        var server = await StartServerAsync();
        var file = Home.AddFlow("Letters.cs");
        var target = $"{file}:answer_letter";
        (await server.CallAsync("kitaru_deployments_deploy", new { target, inputs = new { ledger = Home.LedgerPath } })).ShouldBeFine();
        var id = (string)(await server.CallAsync("kitaru_deployments_invoke", new { flow = "answer_letter", inputs = new { letter = "hello." } })).ShouldBeFine().Data["exec_id"]!;
        (await server.RestAsync(id)).Status.ShouldBe("waiting");
        var ledger = Home.Ledger.Lines;
        var code = await File.ReadAllTextAsync(file);

        // What comes behind the records may change.
        await File.WriteAllTextAsync(file, code.Replace("\"sent \"", "\"posted \"", StringComparison.Ordinal));
        var fits = await DryRunAsync(server, target);
        ((bool?)fits["would_replay"]).ShouldBe(true, fits.ToJsonString());
        fits["why"]!.ToString().ShouldContain("3 recorded calls");

        // What is recorded may not.
        await File.WriteAllTextAsync(file, code.Replace("await Draft(ledger, kind, tone)", "await Draft(ledger, kind, tone + \"!\")", StringComparison.Ordinal));
        var differs = await DryRunAsync(server, target);
        ((bool?)differs["would_replay"]).ShouldBe(false, differs.ToJsonString());
        differs["why"]!.ToString().ShouldContain("plain!");
        differs["why"]!.ToString().ShouldContain("'archive'");

        await File.WriteAllTextAsync(file, code.Replace("var draft = await", "string Deep(string text) => Deep(text) + text; var draft = Deep(kind) + await", StringComparison.Ordinal));
        var died = await DryRunAsync(server, target);
        ((bool?)died["would_replay"]).ShouldBeNull(died.ToJsonString());
        died["why"]!.ToString().ShouldContain("ended");

        await File.WriteAllTextAsync(file, code.Replace("var draft = await", "while (kind.Length > 0) { } var draft = await", StringComparison.Ordinal));
        var stuck = await DryRunAsync(server, target);
        ((bool?)stuck["would_replay"]).ShouldBeNull();
        stuck["why"]!.ToString().ShouldContain("10 s");

        Home.Ledger.Lines.ShouldBe(ledger, "no checkpoint ran");
        var listed = (await server.CallAsync("kitaru_deployments_list", new { })).ShouldBeFine();
        ((int)listed.Data["total"]!).ShouldBe(1);

        // A real deploy says the same without the check, and leaves the execution alone.
        await File.WriteAllTextAsync(file, code.Replace("\"sent \"", "\"posted \"", StringComparison.Ordinal));
        var deployed = (await server.CallAsync("kitaru_deployments_deploy", new { target, inputs = new { ledger = Home.LedgerPath } })).ShouldBeFine().Data;
        ((int)deployed["in_flight_count"]!).ShouldBe(1);
        ((string)deployed["in_flight"]![0]!["exec_id"]!).ShouldBe(id);
        ((int)deployed["in_flight"]![0]!["version"]!).ShouldBe(1);
        deployed["in_flight"]![0]!["would_replay"].ShouldBeNull();
        (await server.InputAsync(id, "approve", true)).ShouldBeFine();
        (await server.RestAsync(id)).ShouldHaveEnded("completed").Result<string>().ShouldStartWith("sent ");
    }

    private async Task<JsonObject> DryRunAsync(McpServer server, string target)
    {
        var plan = (await server.CallAsync("kitaru_deployments_deploy", new { target, inputs = new { ledger = Home.LedgerPath }, dry_run = true })).ShouldBeFine().Data;
        ((bool)plan["dry_run"]!).ShouldBeTrue();
        (plan["deployment_id"], plan["version"], plan["created_at"]).ShouldBe((null, null, null));
        ((int)plan["in_flight_count"]!).ShouldBe(1);
        return (JsonObject)plan["in_flight"]![0]!;
    }
}
