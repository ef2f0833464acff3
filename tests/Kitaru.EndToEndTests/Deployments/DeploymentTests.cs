using System.Text.Json.Nodes;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Deployments;

/// <summary>Deployments of real code: routes, and executions that need no source.</summary>
public sealed class DeploymentTests : EndToEndTest
{
    // Copied by hand from platform.md 1.2.
    private const string RecordKeys = "deployment_id,flow,version,tags,commit_sha,commit_dirty,image_digest,created_at,schema,stack";

    [Fact]
    public async Task Routes_DeployInvokeMoveAndDelete_AsTheContractSays()
    {
        var server = await StartServerAsync();
        var target = $"{Home.AddFlow("Orders.cs")}:bill_order";
        var file = Path.Combine(Home.Root, "flows", "Orders.cs");
        var first = await DeployAsync(server, new { target, inputs = new { ledger = Home.LedgerPath, items = new[] { "tea" } }, tag = "canary", exclusive = true, retries = 1, cache = false });
        string.Join(',', first.Select(pair => pair.Key)).ShouldStartWith(RecordKeys + ",");
        ((int)first["version"]!, first["tags"]!.ToJsonString(), (string)first["stack"]!).ShouldBe((1, """{"canary":true,"default":true}""", "default"));
        (first["commit_sha"], first["commit_dirty"], first["image_digest"]).ShouldBe((null, null, null));
        first["schema"]!["required"].ShouldBeNull();
        first["schema"]!["properties"]!["items"]!["default"]!.ToJsonString().ShouldBe("""["tea"]""");

        var snapshots = Directory.GetDirectories(Home.Directories.Snapshots).Length;
        var same = await DeployAsync(server, new { target, inputs = new { ledger = Home.LedgerPath }, tag = "canary", exclusive = true });
        (same["snapshot_id"]!.ToString(), (int)same["version"]!, same["tags"]!.ToJsonString()).ShouldBe((first["snapshot_id"]!.ToString(), 2, """{"canary":true}"""));
        Directory.GetDirectories(Home.Directories.Snapshots).Length.ShouldBe(snapshots, "the same code is stored once");

        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("Dear customer", "Dear guest", StringComparison.Ordinal));
        var third = await DeployAsync(server, new { target, inputs = new { ledger = Home.LedgerPath, items = new[] { "rice", "salt" } } });
        ((int)third["version"]!, third["tags"]!.ToJsonString()).ShouldBe((3, """{"default":true}"""));
        (await TagsAsync(server)).ShouldBe(["""1 {}""", """2 {"canary":true}""", """3 {"default":true}"""]);

        (await ResultAsync(server, new { flow = "bill_order" })).ShouldBe("Dear guest: 2 for 6");
        (await ResultAsync(server, new { flow = "bill_order", tag = "canary", inputs = new { items = new[] { "tea", "milk", "oat" }, discount = 1 } })).ShouldBe("Dear customer: 3 for 8");
        (await ResultAsync(server, new { flow = "bill_order", version = 1 })).ShouldBe("Dear customer: 1 for 3");

        (await server.CallAsync("kitaru_deployments_tag", new { flow = "bill_order", version = 1, tag = "default" })).ShouldBeFine();
        (await ResultAsync(server, new { flow = "bill_order" })).ShouldBe("Dear customer: 1 for 3");
        (await server.CallAsync("kitaru_deployments_delete", new { flow = "bill_order", version = 1 })).ShouldBeError("KitaruStateError", "'default'");
        (await server.CallAsync("kitaru_deployments_delete", new { flow = "bill_order", version = 2 })).ShouldBeError("KitaruStateError", "'canary'");
        (await server.CallAsync("kitaru_deployments_delete", new { flow = "bill_order", version = 3 })).ShouldBeFine();
        (await server.CallAsync("kitaru_deployments_untag", new { flow = "bill_order", version = 2, tag = "canary" })).ShouldBeFine();
        (await server.CallAsync("kitaru_deployments_delete", new { flow = "bill_order", version = 2 })).ShouldBeFine();
        (await server.CallAsync("kitaru_deployments_invoke", new { flow = "bill_order", tag = "canary" })).ShouldBeError("LookupError", "canary");
        (await server.CallAsync("kitaru_deployments_invoke", new { flow = "bill_order", version = 3 })).ShouldBeError("LookupError", "Versions: 1.");
        ((int)(await DeployAsync(server, new { target }))["version"]!).ShouldBe(4);
        await Home.NoWorkersAsync();
    }

    [Fact]
    public async Task WrongDeploys_OfRealCode_StoreNothing()
    {
        var server = await StartServerAsync();
        var target = $"{Home.AddFlow("Orders.cs")}:bill_order";
        Home.Write("flows/Broken.cs", "public static class Broken { [Kitaru.Flow] public static void Go() { nonsense } }");
        Task<Answer> TryAsync(object arguments) => server.CallAsync("kitaru_deployments_deploy", arguments);

        (await TryAsync(new { target = "flows/None.cs:x" })).ShouldBeError("KitaruUsageError", "None.cs");
        (await TryAsync(new { target = "flows/Orders.cs:bill_ordr" })).ShouldBeError("KitaruUsageError", "bill_order");
        (await TryAsync(new { target = "flows/Broken.cs:go" })).ShouldBeError("KitaruBuildError", "Broken.cs");
        (await TryAsync(new { target, inputs = new { itms = new[] { "tea" } } })).ShouldBeError("KitaruUsageError", "items");
        (await TryAsync(new { target, inputs = new { items = "tea" } })).ShouldBeError("KitaruUsageError", "items");
        (await TryAsync(new { target, stack = "prod-k8s" })).ShouldBeError("KitaruUsageError", "prod-k8s");
        (await TryAsync(new { target, image = new { secret_environment_from = new[] { "nobody" } } })).ShouldBeError("KitaruUsageError", "nobody");
        foreach (var reserved in new[] { "cache", "image", "retries", "stack", "tags", "Tags" })
            (await TryAsync(new { target, inputs = new Dictionary<string, int> { [reserved] = 1 } })).ShouldBeError("KitaruUsageError", $"'{reserved}'");
        (await TryAsync(new { target, inputs = new { ledger = new string('x', 40_000) } })).ShouldBeError("KitaruUsageError", "32768");

        ((int)(await server.CallAsync("kitaru_deployments_list", new { })).Data["total"]!).ShouldBe(0);
    }

    [Fact]
    public async Task SourceDeleted_InvokeKillRetryAndResume_StillWork()
    {
        var server = await StartServerAsync();
        var gate = Path.Combine(Home.Root, "gate");
        var file = Home.AddFlow("Letters.cs");
        await DeployAsync(server, new { target = $"{file}:fetching", inputs = new { ledger = Home.LedgerPath, gate } });
        await DeployAsync(server, new { target = $"{file}:answer_letter", inputs = new { ledger = Home.LedgerPath, letter = "hello." } });
        var failed = await InvokeAsync(server, new { flow = "fetching" });
        (await server.RestAsync(failed)).ShouldHaveEnded("failed");
        var waiting = await InvokeAsync(server, new { flow = "answer_letter" });
        (await server.RestAsync(waiting)).Status.ShouldBe("waiting");

        Directory.Delete(Path.Combine(Home.Root, "flows"), recursive: true);
        Directory.Delete(Home.Directories.Builds, recursive: true);
        Home.KillWorkers();

        await File.WriteAllTextAsync(gate, "");
        (await server.CallAsync("kitaru_executions_retry", new { exec_id = failed })).ShouldBeFine();
        (await server.RestAsync(failed)).ShouldHaveEnded("completed").Result<string>().ShouldBe("prepared and fetched");
        (await server.InputAsync(waiting, "approve", true)).ShouldBeFine();
        (await server.RestAsync(waiting)).ShouldHaveEnded("completed").Result<string>().ShouldBe("sent normal/plain (6)");
        var fresh = await InvokeAsync(server, new { flow = "answer_letter", inputs = new { letter = "now!" } });
        (await server.RestAsync(fresh)).Status.ShouldBe("waiting");
        // Deployed code is replayed with its snapshot, source or not.
        var replay = (await server.CallAsync("kitaru_executions_replay", new { exec_id = waiting, from_ = "send" })).ShouldBeFine();
        (await server.RestAsync((string)replay.Data["execution"]!["exec_id"]!)).ShouldHaveEnded("completed");
        (await server.CancelAsync(fresh)).ShouldBeFine();
        (await server.CallAsync("kitaru_executions_explain", new { exec_id = waiting })).ShouldBeFine();
        await Home.NoWorkersAsync();
    }

    [Fact]
    public async Task Replay_OfADeployedExecution_RunsItsSnapshot_UnlessVersionOrTargetOrCodeSayOtherwise()
    {
        var server = await StartServerAsync();
        var file = Home.AddFlow("Orders.cs");
        var target = $"{file}:bill_order";
        var code = await File.ReadAllTextAsync(file);
        async Task WriteAsync(string path, string greeting) => await File.WriteAllTextAsync(path, code.Replace("Dear customer", greeting, StringComparison.Ordinal));
        await DeployAsync(server, new { target, inputs = new { ledger = Home.LedgerPath, items = new[] { "tea" } } });
        var source = await InvokeAsync(server, new { flow = "bill_order" });
        (await server.RestAsync(source)).ShouldHaveEnded("completed").Result<string>().ShouldBe("Dear customer: 1 for 3");
        await WriteAsync(file, "Dear guest");
        await DeployAsync(server, new { target });
        await WriteAsync(file, "Dear friend");
        await WriteAsync(Path.Combine(Home.Root, "flows", "Other.cs"), "Dear stranger");

        async Task<(string Result, int? Version)> ReplayAsync(object more)
        {
            var arguments = System.Text.Json.JsonSerializer.SerializeToNode(more)!.AsObject();
            (arguments["exec_id"], arguments["from_"]) = (source, "greet");
            var started = (await server.CallAsync("kitaru_executions_replay", arguments)).ShouldBeFine();
            var ended = (await server.RestAsync((string)started.Data["execution"]!["exec_id"]!)).ShouldHaveEnded("completed");
            return (ended.Result<string>(), (int?)ended.Data["deployment"]?["version"]);
        }

        (await ReplayAsync(new { })).ShouldBe(("Dear customer: 1 for 3", 1));
        (await ReplayAsync(new { version = 2 })).ShouldBe(("Dear guest: 1 for 3", 2));
        (await ReplayAsync(new { code = "current" })).ShouldBe(("Dear friend: 1 for 3", null));
        (await ReplayAsync(new { target = "flows/Other.cs:bill_order" })).ShouldBe(("Dear stranger: 1 for 3", null));
        (await server.CallAsync("kitaru_executions_replay", new { exec_id = source, from_ = "greet", version = 7 })).ShouldBeError("LookupError", "1, 2");
        (await server.CallAsync("kitaru_executions_replay", new { exec_id = source, from_ = "greet", target = "flows/Other.cs:asked_order" })).ShouldBeError("KitaruUsageError", "asked_order");
        var cohort = (await server.CallAsync("kitaru_executions_cohort", new { flow = "bill_order", at = "price", deployment_version = 1 })).ShouldBeFine().Data["cohort"]!;
        cohort["exec_ids"]!.ToJsonString().ShouldBe($"[\"{source}\"]");
        ((int)cohort["deployment_version"]!).ShouldBe(1);
        var many = (await server.CallAsync("kitaru_executions_replay_many", new { exec_ids = new[] { source }, at = "greet" })).ShouldBeFine();
        (await server.GetAsync((string)many.Data["results"]![0]!["replay_exec_id"]!)).Result<string>().ShouldBe("Dear customer: 1 for 3");
        await Home.NoWorkersAsync();
    }

    [Fact]
    public async Task Settings_AreFrozenAtDeploy_AndReachEveryInvocation()
    {
        var server = await StartServerAsync();
        var file = Home.Write("flows/Greeting.cs", """
            using Kitaru;

            public static class Greeting
            {
                [Flow]
                public static async Task<string> Greet() => await Read();

                [Checkpoint]
                private static async Task<string> Read()
                {
                    await Task.Yield();
                    return Environment.GetEnvironmentVariable("GREETING") ?? "nothing";
                }
            }
            """);
        var deployed = await DeployAsync(server, new { target = $"{file}:greet", image = new { environment = new { GREETING = "hello" } }, retries = 2, cache = false });
        await DeployAsync(server, new { target = $"{file}:greet", image = """{"environment":{"GREETING":"bye"}}""", tag = "later" });
        Home.Write("kitaru.json", """{ "retries": 9, "image": { "environment": { "GREETING": "changed" } } }""");

        (deployed["image"]!["environment"]!["GREETING"]!.ToString(), (int)deployed["retries"]!, (bool)deployed["cache"]!).ShouldBe(("hello", 2, false));
        (await ResultAsync(server, new { flow = "greet" })).ShouldBe("hello");
        (await ResultAsync(server, new { flow = "greet", tag = "later" })).ShouldBe("bye");
        var execution = (await server.CallAsync("kitaru_executions_latest", new { flow = "greet" })).ShouldBeFine().Data;
        ((int)execution["frozen_execution_spec"]!["resolved_execution"]!["retries"]!).ShouldBe(0);
        await Home.NoWorkersAsync();
    }

    [Fact]
    public async Task InARepository_TheCommitIsRecorded_AndItsConfigurationRunsNothing()
    {
        var server = await StartServerAsync();
        var file = Home.AddFlow("Orders.cs");
        var flows = Path.Combine(Home.Root, "flows");
        var proof = Path.Combine(Home.Root, "hook-ran");
        Git(flows, "init", "--quiet");
        Git(flows, "add", ".");
        Git(flows, "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "--quiet", "-m", "first");
        Git(flows, "config", "core.fsmonitor", $"touch {proof}; false");

        var clean = await DeployAsync(server, new { target = $"{file}:bill_order" });
        Home.Write("flows/notes.txt", "new");
        var dirty = await DeployAsync(server, new { target = $"{file}:bill_order" });
        Git(flows, "pack-refs", "--all");
        var packed = await DeployAsync(server, new { target = $"{file}:bill_order" });

        var head = Git(flows, "-c", "core.fsmonitor=false", "rev-parse", "HEAD").Trim();
        ((string)clean["commit_sha"]!, (bool)clean["commit_dirty"]!).ShouldBe((head, false));
        ((string)dirty["commit_sha"]!, (bool)dirty["commit_dirty"]!).ShouldBe((head, true));
        ((string)packed["commit_sha"]!).ShouldBe(head);
        File.Exists(proof).ShouldBeFalse("a monitor the repository names was run");
    }

    private static string Git(string folder, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, errors);
        return output;
    }

    private static async Task<JsonObject> DeployAsync(McpServer server, object arguments) =>
        (await server.CallAsync("kitaru_deployments_deploy", arguments)).ShouldBeFine().Data;

    private static async Task<string> InvokeAsync(McpServer server, object arguments) =>
        (string)(await server.CallAsync("kitaru_deployments_invoke", arguments)).ShouldBeFine().Data["exec_id"]!;

    private static async Task<string> ResultAsync(McpServer server, object arguments) =>
        (await server.RestAsync(await InvokeAsync(server, arguments))).ShouldHaveEnded("completed").Result<string>();

    private static async Task<IEnumerable<string>> TagsAsync(McpServer server) =>
        (await server.CallAsync("kitaru_deployments_list", new { flow = "bill_order" })).ShouldBeFine().Data["result"]!.AsArray()
            .Select(item => $"{item!["version"]} {item["tags"]!.ToJsonString()}");
}
