using System.Security.Cryptography;
using System.Text;

namespace Kitaru.Mcp.Flows;

/// <summary>
/// What the tool of a deployed flow is called: <c>flow_</c> and the flow's name. What clients do not take in a name becomes <c>_</c>; a name that is changed or cut by that ends with a piece of
/// the hash of the flow's own, so that two flows never share one by chance.
/// </summary>
internal static class FlowToolName
{
    public const string Prefix = "flow_";

    /// <summary>Clients put the server's name before it, and allow 64 in all.</summary>
    public const int CharsMax = 48;

    private const int HashChars = 8;

    public static string Of(string flow)
    {
        var plain = string.Concat(flow.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' ? letter : '_'));
        if (plain == flow && Prefix.Length + plain.Length <= CharsMax)
            return Prefix + plain;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(flow)))[..HashChars];
        return $"{Prefix}{plain[..Math.Min(plain.Length, CharsMax - Prefix.Length - HashChars - 1)]}_{hash}";
    }
}
