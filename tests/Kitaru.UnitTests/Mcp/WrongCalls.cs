using System.Globalization;
using System.Text.Json.Nodes;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.UnitTests.Mcp;

/// <summary>One call that must be refused.</summary>
/// <param name="Arguments">As JSON text, with <c>{failed}</c> and so on for ids.</param>
/// <param name="Saying">What the answer must contain: the argument or the state.</param>
internal sealed record WrongCall(string Arguments, string Saying);

/// <summary>What can be got wrong with any tool, made from its schema.</summary>
internal static class WrongCalls
{
    /// <summary>Every class of wrong call that the arguments of a tool allow.</summary>
    public static IEnumerable<WrongCall> Of(KitaruTool tool)
    {
        var right = new JsonObject(tool.Arguments.Where(argument => argument.Required).Select(argument => KeyValuePair.Create(argument.Name, (JsonNode?)SchemaExampleOf(argument))));
        yield return With("everything", true);
        yield return With("../../etc/passwd", 1);
        yield return With("a'; DROP TABLE execution; --", 1);
        yield return With("", 1);
        yield return With("\u001b[31mred", 1) with { Saying = "There is no argument" };
        yield return With("__proto__", new JsonObject { ["polluted"] = true });
        yield return With(new string('x', 50_000), "y") with { Saying = "There is no argument" };
        yield return With("exec_ID", new JsonArray(1, 2, 3));
        foreach (var argument in tool.Arguments)
        {
            foreach (var value in Wrong(argument))
                yield return With(argument.Name, value);
            if (argument.Name.Length > 3 && tool.Arguments.All(other => other.Name != argument.Name[..^1]))
                yield return With(argument.Name[..^1], 1) with { Saying = "Did you mean" };
            if (!argument.Required)
                continue;
            var without = right.DeepClone().AsObject();
            without.Remove(argument.Name);
            yield return new WrongCall(without.ToJsonString(), $"'{argument.Name}'");
        }

        WrongCall With(string name, JsonNode? value)
        {
            var call = right.DeepClone().AsObject();
            call[name] = value;
            // What may be a secret in the wrong place is not repeated.
            var isRepeated = tool.Arguments.Any(argument => argument.Name == name) || !tool.Arguments.Any(argument => argument.IsSensitive);
            return new WrongCall(call.ToJsonString(), isRepeated ? $"'{name}'" : "There is no argument");
        }
    }

    private static JsonNode? SchemaExampleOf(Argument argument) => Kitaru.Core.Json.SchemaExample.Of(argument.Schema);

    private static IEnumerable<JsonNode?> Wrong(Argument argument)
    {
        if (argument.Schema["enum"] is not null)
            return [7, true, "neither", new JsonArray("a"), ""];
        return argument.Schema["type"]?.ToString() switch
        {
            "string" => [7, true, "", new JsonArray("a"), new JsonObject { ["a"] = 1 }, new string('x', 100_000), "a\0b"],
            "integer" => ["7", 1.5, true, new JsonArray(1), 1e300, -9_000_000_000_000_000_000, .. Outside(argument)],
            "boolean" => ["yes", 1, new JsonArray(true), new JsonObject()],
            "object" => [7, true, "text", new JsonArray(1)],
            "array" => [7, true, "text", new JsonObject { ["a"] = 1 }, new JsonArray(""), new JsonArray(7), TooMany(argument)],
            _ => [],
        };
    }

    private static IEnumerable<JsonNode?> Outside(Argument argument)
    {
        if (argument.Schema["minimum"] is { } least)
            yield return long.Parse(least.ToJsonString(), CultureInfo.InvariantCulture) - 1;
        if (argument.Schema["maximum"] is { } most)
            yield return long.Parse(most.ToJsonString(), CultureInfo.InvariantCulture) + 1;
    }

    private static JsonArray TooMany(Argument argument) =>
        new([.. Enumerable.Range(0, (argument.Schema["maxItems"]?.GetValue<int>() ?? 1000) + 1).Select(number => (JsonNode)$"item{number}")]);
}
