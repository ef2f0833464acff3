using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Secrets;

/// <summary>kitaru_secrets_create.</summary>
internal static class CreateTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_secrets_create",
        Title = "Create a secret",
        Description =
            "Stores values such as API keys under a new name, encrypted, for flows: image.secret_environment_from makes its keys environment variables, Flow.SecretAsync(name) "
            + "reads it. Only values the user gave for this; they stay in this transcript, else offer client.Secrets.CreateAsync. No tool shows them. A name that exists is "
            + "refused.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: false, OpenWorld: false),
        Arguments =
        [
            Argument.Text("name", "A name that no secret has yet.", required: true, example: "openai-creds"),
            Argument.Map(
                "values",
                "1 to 64 texts by key; keys are letters, digits and _.",
                new JsonObject { ["OPENAI_API_KEY"] = "sk-…" },
                required: true) with { IsSensitive = true },
            Argument.Flag("private", "Only its owner may read it, for ever.", preset: false),
        ],
        Output = ResultSchema.Object("The secret, without its values.", SecretShapes.Summary()),
        CallAsync = CallAsync,
    };

    private static async Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var values = call.MapOrNull("values")!.Select((pair, i) => KeyValuePair.Create(pair.Key, TextOf(pair.Value, i + 1))).ToDictionary(StringComparer.Ordinal);
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        return ToolAnswer.Of(SecretJson.Of(await kitaru.Secrets.CreateAsync(call.Text("name"), values, call.Flag("private"), cancellationToken)));
    }

    /// <summary>Says what kind of thing is wrong and where, and nothing of it: a key may be a value in the wrong place.</summary>
    private static string TextOf(JsonNode? value, int number) => value?.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => KitaruJson.Write(value),
        var kind => throw ArgumentCheck.Error(
            "values", "an object whose values are texts that are not empty",
            JsonValue.Create($"{(kind is null ? "null" : kind == JsonValueKind.Object ? "an object" : "a list")} under key number {number}"), "{\"API_KEY\": \"…\"}"),
    };
}
