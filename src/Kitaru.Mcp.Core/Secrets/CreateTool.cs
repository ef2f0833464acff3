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
            "Stores values such as API keys under a name, encrypted, for flows to use: image.secret_environment_from names it, and each key becomes an environment variable of the "
            + "flow; or the flow's code calls Flow.SecretAsync(name). Use it only with values the user gave you for this; they stay in this transcript, so offer the user the library's "
            + "client.Secrets.CreateAsync instead when that matters. A name that exists is refused, never changed. Answers the secret without its values; no tool shows them. "
            + "Next: kitaru_secrets_list to see what is there.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: false, OpenWorld: false),
        Arguments =
        [
            Argument.Text("name", "A name that no secret has yet, at most 256 characters; blanks around it are dropped.", required: true, example: "openai-creds"),
            Argument.Map(
                "values",
                "1 to 64 values by key. A key is a letter or _ and then letters, digits or _. Values are texts of at most 64 KiB that are not empty; numbers and booleans become text.",
                new JsonObject { ["OPENAI_API_KEY"] = "sk-…" },
                required: true) with { IsSensitive = true },
            Argument.Flag("private", "Whether only its owner may read it; fixed from then on. false: every user of the same server may.", preset: false),
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
