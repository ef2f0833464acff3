using System.Text;
using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Flows.Deployments;

/// <summary>kitaru flow deployments curl: the HTTP call that invokes a version (platform.md 1.10).</summary>
internal static class CurlCommand
{
    private const string TokenVariable = "KITARU_SERVER_ACCESS_TOKEN";
    private const string TokenCommand = "kitaru auth token";

    public static LeafCommand Create()
    {
        var (flow, selector) = (FlowOptions.Flow(), new Selector());
        var input = JsonOption.Create("--input", "Inputs by parameter name.");
        return new LeafCommand("flow.deployments.curl", "Prints the curl command that invokes a version of a flow over HTTP.", "kitaru flow deployments curl research_agent --tag stable", async (call, cancellationToken) =>
        {
            var server = call.Client.ReadConnection().ServerUrl?.TrimEnd('/')
                ?? throw new KitaruUsageException("There is no server: the store is embedded, which nobody can reach over HTTP.", "Connect to one with kitaru login, and call again.");
            var inputs = JsonOption.ObjectOf(call, input);
            var deployment = await selector.FindAsync(call, call.Get(flow), cancellationToken);
            var json = Json(deployment, server, selector.VersionOf(call), selector.TagOf(call), inputs);
            return Answer.Item(json, new PlainText(Script(json)));
        })
        {
            flow,
            selector.Version,
            selector.Tag,
            input,
        };
    }

    private static JsonObject Json(Deployment deployment, string server, int? version, string? tag, JsonObject? inputs)
    {
        var url = $"{server}/api/v1/pipeline_snapshots/{Uri.EscapeDataString(deployment.Id.ToString())}/runs";
        var body = inputs is { Count: > 0 } ? new JsonObject { ["run_configuration"] = new JsonObject { ["parameters"] = inputs.DeepClone() } } : [];
        var json = new JsonObject
        {
            ["flow"] = deployment.Flow,
            ["selector"] = InvocationJson.Selector(version, tag),
            ["resolved_deployment_version"] = deployment.Version,
            ["deployment_id"] = deployment.Id.ToString(),
            ["server_url"] = server,
            ["invoke_url"] = url,
            ["token_env_var"] = TokenVariable,
            ["token_command"] = TokenCommand,
            ["request_body"] = body,
            ["curl_command"] = Curl(url, body),
        };
        if (version is not null)
            return json;
        string[] warning =
        [
            $"The URL is of version {deployment.Version}, on which the tag '{Clean.Line(tag ?? DeploymentRules.DefaultTag)}' is now.",
            "It stays with that version when the tag moves; call again to follow it.",
        ];
        json["warning_lines"] = new JsonArray([.. warning.Select(line => (JsonNode)line)]);
        json["warning"] = string.Join(' ', warning);
        return json;
    }

    private static string Script(JsonObject json)
    {
        var warning = json["warning_lines"] is JsonArray lines ? string.Concat(lines.Select(line => $"# {line}\n")) + "\n" : "";
        return $"{warning}{TokenVariable}=\"$({TokenCommand})\"\n\n{json["curl_command"]}";
    }

    private static string Curl(string url, JsonObject body) => string.Join(
        " \\\n  ",
        $"curl -sS -X POST {Quoted(url)}",
        $"-H \"Authorization: Bearer ${TokenVariable}\"",
        "-H 'Content-Type: application/json'",
        "-H 'Accept: application/json'",
        $"--data {Quoted(Encoding.UTF8.GetString(CanonicalJson.Bytes(body)))}");

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
