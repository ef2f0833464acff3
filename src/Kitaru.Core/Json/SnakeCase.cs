using System.Text;

namespace Kitaru.Core.Json;

/// <summary>The spelling of names on the wire.</summary>
public static class SnakeCase
{
    /// <summary><c>customerId</c> is <c>customer_id</c>, <c>HTTPServer</c> is <c>http_server</c>, <c>Step2Run</c> is <c>step2_run</c>.</summary>
    public static string Of(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (char.IsUpper(c) && StartsWord(name, i) && text.Length > 0 && text[^1] != '_')
                text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }
        return text.ToString();
    }

    /// <summary>The name of a flow or checkpoint: its method's in snake_case without <c>Async</c>.</summary>
    public static string OfMethod(string method)
    {
        const string suffix = "Async";
        var bare = method.Length > suffix.Length && method.EndsWith(suffix, StringComparison.Ordinal) ? method[..^suffix.Length] : method;
        return Of(bare);
    }

    private static bool StartsWord(string name, int at) =>
        at > 0 && (!char.IsUpper(name[at - 1]) || (at + 1 < name.Length && char.IsLower(name[at + 1])));
}
