using System.Text;

namespace Kitaru.Generators.Support;

/// <summary>Names of flows and checkpoints: <c>GatherNotesAsync</c> is <c>gather_notes</c>, <c>LLMCall2</c> is <c>llm_call2</c>.</summary>
internal static class SnakeCase
{
    public static string OfMethod(string method) =>
        Of(method.Length > 5 && method.EndsWith("Async", StringComparison.Ordinal) ? method.Substring(0, method.Length - 5) : method);

    public static string Of(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            if (StartsWord(name, i) && text.Length > 0 && text[text.Length - 1] != '_')
                text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    // A capital starts a word after a small letter or digit, and when it is the last of a run of capitals (the S of HTTPServer).
    private static bool StartsWord(string name, int i) =>
        i > 0 && char.IsUpper(name[i]) &&
        (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
}
