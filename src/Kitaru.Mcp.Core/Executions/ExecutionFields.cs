using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Executions;

/// <summary>The argument <c>fields</c>: of an execution only what the caller will read, with its id.</summary>
internal static class ExecutionFields
{
    private const string Name = "fields";
    private const string Id = "exec_id";

    public static Argument Argument() => Schemas.Argument.TextList(Name, "Only these keys, such as failure.", most: 40, example: "status");

    /// <summary>The keys to answer; null for all.</summary>
    /// <exception cref="KitaruUsageException">There is no such key.</exception>
    public static IReadOnlySet<string>? Of(ToolCall call, IReadOnlyList<string> known)
    {
        var asked = call.Texts(Name).Select(KeyOf).ToList();
        if (asked.FirstOrDefault(field => !known.Contains(field)) is { } unknown)
        {
            throw new KitaruUsageException(
                $"Argument '{Name}': an execution has no key '{Texts.Short(unknown, 80)}' here.{Texts.DidYouMean(unknown, known)}", $"Name some of: {string.Join(", ", known)}.")
            {
                Details = new JsonObject
                {
                    ["argument"] = Name,
                    ["expected"] = new JsonArray([.. known.Select(field => (JsonNode)field)]),
                    ["got"] = Texts.Short(unknown, 80),
                    ["nearest"] = Texts.Nearest(unknown, known),
                },
            };
        }
        return asked.Count == 0 ? null : asked.Append(Id).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Filters have shorter names than the keys they look at.</summary>
    private static string KeyOf(string field) => field switch
    {
        "flow" => "flow_name",
        "stack" => "stack_name",
        "id" => Id,
        _ => field,
    };

    /// <summary>Takes away what was not asked for.</summary>
    public static JsonObject Keep(JsonObject execution, IReadOnlySet<string>? fields)
    {
        if (fields is not null)
        {
            foreach (var key in execution.Select(member => member.Key).Where(key => !fields.Contains(key)).ToList())
                execution.Remove(key);
        }
        return execution;
    }
}
