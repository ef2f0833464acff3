using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Secrets;

/// <summary>kitaru secrets show.</summary>
internal static class ShowCommand
{
    public static LeafCommand Create()
    {
        var name = CommonOptions.Argument("NAME_OR_ID", "The secret.");
        var showValues = CommonOptions.Flag("--show-values", "Show its values too.");
        return new LeafCommand("secrets.show", "Shows a secret; its values only when asked.", "kitaru secrets show openai", async (call, cancellationToken) =>
        {
            var secret = await SecretLookup.FindAsync(call.Client, call.Get(name), cancellationToken);
            var json = SecretJson.Of(secret);
            json["values"] = null;
            var rows = SecretView.Rows(secret);
            if (!call.Get(showValues))
                return Answer.Item(json, new Snapshot("Kitaru secret", [.. rows]));
            var values = (await call.Client.Secrets.GetAsync(secret.Id.ToString(), cancellationToken)).Values;
            json["values"] = new JsonObject(values.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
            return Answer.Item(json, new Snapshot("Kitaru secret", [.. rows])
            {
                Sections = [new Snapshot.Section("Values", [.. values.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (Snapshot.Row)(pair.Key, pair.Value))])],
            });
        })
        {
            name,
            showValues,
        };
    }
}
