using System.Text;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;
using Kitaru.Mcp.Tools;
using ModelContextProtocol.Protocol;

namespace Kitaru.UnitTests.Mcp;

public class ToolListTests
{
    // Copied by hand from the contract: its arguments first, ours after the bar.
    private static readonly Dictionary<string, string> Contract = new()
    {
        ["kitaru_executions_list"] = "status, flow, stack, limit | tags, since, until, deployment, original_exec_id, cursor, fields",
        ["kitaru_executions_get"] = "exec_id | wait_seconds, fields",
        ["kitaru_executions_latest"] = "status, flow, stack | fields",
        ["kitaru_executions_statistics"] = "group_by, metrics, flow, status, stack, tags, max_groups | since, until, metadata",
        ["get_execution_logs"] = "exec_id, checkpoint, source, limit | level, since",
        ["kitaru_executions_run"] = "target, args, stack | tags, wait_seconds",
        ["kitaru_executions_cancel"] = "exec_id |",
        ["kitaru_executions_retry"] = "exec_id | code, wait_seconds",
        ["kitaru_executions_replay"] = "exec_id, from_, overrides, flow_inputs | dry_run, code, version, target, wait_seconds",
        ["kitaru_executions_replay_many"] =
            "exec_ids, at, flow_overrides, checkpoint_overrides, invocation_overrides, skip, tag, wait, on_error | dry_run, code, confirm",
        ["kitaru_executions_cohort"] = "flow, at, deployment, deployment_version, order_by, limit, since, until, max_scan, include_failed |",
        ["kitaru_executions_diff"] = "original, executions |",
        ["kitaru_executions_diff_matrix"] = "exec_ids |",
        ["kitaru_executions_input"] = "exec_id, wait, value |",
        ["kitaru_executions_explain"] = "| exec_id",
        ["kitaru_executions_resume"] = "| exec_id",
        ["kitaru_executions_abort_wait"] = "| exec_id, wait",
        ["kitaru_executions_tag"] = "| exec_id, add, remove",
        ["kitaru_executions_bulk"] = "| action, exec_ids, flow, status, tags, since, confirm",
        ["kitaru_executions_delete"] = "| exec_id, dry_run",
        ["kitaru_executions_prune"] = "| older_than_days, status, flow, keep_newest, limit, dry_run",
        ["kitaru_deployments_deploy"] = "target, inputs, tag, exclusive, stack, image, cache, retries | dry_run",
        ["kitaru_deployments_invoke"] = "flow, version, tag, inputs | tags, wait_seconds",
        ["kitaru_deployments_list"] = "flow | limit, cursor",
        ["kitaru_deployments_get"] = "flow, version, tag |",
        ["kitaru_deployments_delete"] = "flow, version |",
        ["kitaru_deployments_tag"] = "flow, version, tag, exclusive |",
        ["kitaru_deployments_untag"] = "flow, version, tag |",
        ["kitaru_artifacts_list"] = "exec_id, name, kind, producing_call, limit | cursor",
        ["kitaru_artifacts_get"] = "artifact_id | max_bytes, offset",
        ["kitaru_secrets_create"] = "name, values, private |",
        ["kitaru_secrets_list"] = "| page, size",
        ["kitaru_status"] = "|",
        ["kitaru_info"] = "all, all_packages, packages |",
        ["kitaru_start_local_server"] = "port, timeout |",
        ["kitaru_stop_local_server"] = "|",
        ["kitaru_clean_preview"] = "scope |",
        ["kitaru_stacks_list"] = "|",
        ["manage_stack"] =
            "action, name, activate, recursive, force, stack_type, artifact_store, container_registry, cluster, region, subscription_id, resource_group, workspace, execution_role, "
            + "namespace, credentials, extra, async_mode, verify |",
        ["kitaru_store_size"] = "|",
    };

    private static readonly Dictionary<string, string[]> Required = new()
    {
        ["kitaru_executions_get"] = ["exec_id"],
        ["get_execution_logs"] = ["exec_id"],
        ["kitaru_executions_run"] = ["target"],
        ["kitaru_executions_cancel"] = ["exec_id"],
        ["kitaru_executions_retry"] = ["exec_id"],
        ["kitaru_executions_replay"] = ["exec_id", "from_"],
        // The contract's two are required without confirm, and refused beside it.
        ["kitaru_executions_replay_many"] = [],
        ["kitaru_executions_cohort"] = ["flow", "at"],
        ["kitaru_executions_diff"] = ["original"],
        ["kitaru_executions_diff_matrix"] = ["exec_ids"],
        ["kitaru_executions_input"] = ["exec_id", "wait", "value"],
        ["kitaru_executions_explain"] = ["exec_id"],
        ["kitaru_executions_resume"] = ["exec_id"],
        ["kitaru_executions_abort_wait"] = ["exec_id", "wait"],
        ["kitaru_executions_tag"] = ["exec_id"],
        ["kitaru_executions_bulk"] = ["action"],
        ["kitaru_executions_delete"] = ["exec_id"],
        ["kitaru_executions_prune"] = ["older_than_days"],
        ["kitaru_deployments_deploy"] = ["target"],
        ["kitaru_deployments_invoke"] = ["flow"],
        ["kitaru_deployments_get"] = ["flow"],
        ["kitaru_deployments_delete"] = ["flow", "version"],
        ["kitaru_deployments_tag"] = ["flow", "version", "tag"],
        ["kitaru_deployments_untag"] = ["flow", "version", "tag"],
        ["kitaru_artifacts_list"] = ["exec_id"],
        ["manage_stack"] = ["action", "name"],
        ["kitaru_artifacts_get"] = ["artifact_id"],
        ["kitaru_secrets_create"] = ["name", "values"],
    };

    [Fact]
    public async Task ListTools_NamesAndArguments_AreTheContracts()
    {
        await using var bench = await McpBench.StartAsync();
        var tools = await bench.Client.ListToolsAsync();
        tools.Select(tool => tool.Name).ShouldBe(Contract.Keys, ignoreOrder: true);
        foreach (var tool in tools)
        {
            var schema = JsonObject.Create(tool.ProtocolTool.InputSchema)!;
            var expected = Contract[tool.Name].Split([',', '|', ' '], StringSplitOptions.RemoveEmptyEntries);
            // What changes something can be repeated safely; these by their nature.
            if (tool.ProtocolTool.Annotations!.ReadOnlyHint == false && tool.Name is not ("kitaru_start_local_server" or "kitaru_stop_local_server" or "kitaru_executions_bulk"))
                expected = [.. expected, "idempotency_key"];
            schema["properties"]!.AsObject().Select(pair => pair.Key).ShouldBe(expected, tool.Name);
            (schema["required"]?.AsArray().Select(name => name!.ToString()) ?? []).ShouldBe(Required.GetValueOrDefault(tool.Name) ?? [], tool.Name);
        }
    }

    [Fact]
    public async Task ListTools_EveryTool_ExplainsItself()
    {
        await using var bench = await McpBench.StartAsync();
        foreach (var tool in (await bench.Client.ListToolsAsync()).Select(tool => tool.ProtocolTool))
        {
            var schema = JsonObject.Create(tool.InputSchema)!;
            schema["additionalProperties"]!.GetValue<bool>().ShouldBeFalse(tool.Name);
            foreach (var (name, argument) in schema["properties"]!.AsObject())
                argument!["description"]!.ToString().Length.ShouldBeGreaterThan(20, $"{tool.Name}.{name}");
            tool.Title.ShouldNotBeNullOrEmpty();
            tool.Description!.Length.ShouldBeInRange(150, 900, tool.Name);
            var hints = tool.Annotations.ShouldNotBeNull();
            new[] { hints.ReadOnlyHint, hints.DestructiveHint, hints.IdempotentHint, hints.OpenWorldHint }.ShouldAllBe(hint => hint != null, tool.Name);
            (hints.ReadOnlyHint == true && hints.DestructiveHint == true).ShouldBeFalse(tool.Name);
            tool.OutputSchema.ShouldNotBeNull();
        }
    }

    /// <summary>Every assistant reads all of this before it does anything; a token is about four bytes.</summary>
    [Fact]
    public async Task ListTools_NamesDescriptionsAndInputs_AreWithin9000Tokens()
    {
        await using var bench = await McpBench.StartAsync();
        var bytes = (await bench.Client.ListToolsAsync()).Sum(tool =>
            Encoding.UTF8.GetByteCount(tool.Name) + Encoding.UTF8.GetByteCount(tool.Description) + KitaruJson.WriteBytes(JsonObject.Create(tool.ProtocolTool.InputSchema)!).Length);
        (bytes / 4).ShouldBeLessThanOrEqualTo(9000);
    }

    [Fact]
    public async Task ListTools_Icons_NeedNoNetwork_AreOnePerGroup_AndSmall()
    {
        await using var bench = await McpBench.StartAsync();
        var sources = (await bench.Client.ListToolsAsync()).Select(tool => tool.ProtocolTool.Icons.ShouldNotBeNull().ShouldHaveSingleItem().Source).ToList();
        sources.ShouldAllBe(source => source.StartsWith("data:image/svg+xml,"));
        foreach (var source in sources.Distinct())
            System.Xml.Linq.XElement.Parse(Uri.UnescapeDataString(source.Split(',', 2)[1])).Name.LocalName.ShouldBe("svg");
        sources.Distinct().Count().ShouldBe(Toolsets.All.Count - 1, "there is no deployed flow");
        sources.Sum(source => source.Length).ShouldBeLessThan(10_000);
        bench.Client.ServerInfo.ShouldNotBeNull().Icons.ShouldNotBeNull().ShouldHaveSingleItem().Source.ShouldStartWith("data:image/svg+xml,");
    }

    [Fact]
    public async Task ListTools_Twice_IsTheSame_AndMayBeKept()
    {
        await using var bench = await McpBench.StartAsync();
        var first = await bench.Client.SendRequestAsync(new JsonRpcRequest { Method = RequestMethods.ToolsList });
        var second = await bench.Client.SendRequestAsync(new JsonRpcRequest { Method = RequestMethods.ToolsList });
        JsonNode.DeepEquals(first.Result!["tools"], second.Result!["tools"]).ShouldBeTrue();
        first.Result["tools"]!.AsArray().Select(tool => tool!["name"]!.ToString()).ShouldBe(new ToolRegistry().Tools.Select(tool => tool.Name));
        first.Result["ttlMs"]!.GetValue<long>().ShouldBeGreaterThan(0);
        first.Result["cacheScope"]!.ToString().ShouldBe("public");
    }

    [Fact]
    public async Task ListTools_Value_HasADescriptionAndNoType()
    {
        await using var bench = await McpBench.StartAsync();
        var input = (await bench.Client.ListToolsAsync()).Single(tool => tool.Name == "kitaru_executions_input");
        JsonObject.Create(input.ProtocolTool.InputSchema)!["properties"]!["value"]!.AsObject().Select(pair => pair.Key).ShouldBe(["description"]);
    }

    [Fact]
    public async Task Initialize_Client_LearnsNameVersionAndInstructions()
    {
        await using var bench = await McpBench.StartAsync();
        var server = bench.Client.ServerInfo.ShouldNotBeNull();
        server.Name.ShouldBe("kitaru-mcp");
        server.Version.ShouldNotBeNullOrEmpty();
        bench.Client.ServerInstructions.ShouldNotBeNull().ShouldContain("kitaru_executions_input");
    }

    [Fact]
    public void Registry_DescriptionsAndInstructions_NameOnlyToolsThatExist()
    {
        var tools = new ToolRegistry().Tools;
        var names = tools.Select(tool => tool.Name).ToHashSet();
        var text = string.Join('\n', tools.SelectMany(tool => tool.Arguments.Select(argument => argument.Schema["description"]!.ToString()).Append(tool.Description)))
            + Kitaru.Mcp.Hosting.Instructions.For(ToolPolicy.Everything);
        System.Text.RegularExpressions.Regex.Matches(text, @"\bkitaru_[a-z_]+|\bget_execution_logs").Select(match => match.Value).ShouldAllBe(name => names.Contains(name));
    }

    [Fact]
    public void Registry_OutputSchemas_AllowErrorsAndNothingElse()
    {
        foreach (var tool in new ToolRegistry().Tools)
        {
            JsonSchemaValidator.Validate(tool.Output, ToolErrors.Of(new KitaruStateException("x")).Structured).ShouldBeEmpty(tool.Name);
            JsonSchemaValidator.Validate(tool.Output, ToolErrors.Unexpected("x", "y").Structured).ShouldBeEmpty(tool.Name);
            JsonSchemaValidator.Validate(tool.Output, new JsonObject()).ShouldNotBeEmpty(tool.Name);
        }
    }
}
