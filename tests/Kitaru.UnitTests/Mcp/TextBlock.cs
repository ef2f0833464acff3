using System.Text.Json.Nodes;

namespace Kitaru.UnitTests.Mcp;

/// <summary>The rule of text blocks: what they say is what the structured result says, and what they do not say is empty or stands elsewhere in it.</summary>
internal static class TextBlock
{
    public static void ShouldSay(JsonNode? text, JsonNode? whole, string at = "$")
    {
        switch (text, whole)
        {
            case (JsonObject said, JsonObject all):
                foreach (var (key, value) in said)
                {
                    all.ContainsKey(key).ShouldBeTrue($"{at}.{key} is not in the structured result");
                    ShouldSay(value, all[key], $"{at}.{key}");
                }
                foreach (var (key, value) in all.Where(member => !said.ContainsKey(member.Key)))
                    IsEmpty(value).ShouldBeTrue($"{at}.{key} is missing");
                break;
            case (JsonArray said, JsonArray all):
                said.Count.ShouldBe(all.Count, at);
                for (var i = 0; i < said.Count; i++)
                    ShouldSay(said[i], all[i], $"{at}[{i}]");
                break;
            default:
                JsonNode.DeepEquals(text, whole).ShouldBeTrue($"{at}: {text} for {whole}");
                break;
        }
    }

    private static bool IsEmpty(JsonNode? value) => value is null or JsonArray { Count: 0 } || (value is JsonObject members && members.All(member => member.Key == "kitaru_execution_spec"))
        || value.GetPath().EndsWith(".kitaru_execution_spec", StringComparison.Ordinal);
}
