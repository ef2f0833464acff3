using System.Net;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.Client.Connection;

/// <summary>The address of a server as people write it.</summary>
internal static class ServerAddress
{
    private const int CharsMax = 2000;

    /// <summary>The address without slashes at its end.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="source">Where.</param>
    /// <param name="environment">Says whether a token may go over an open line.</param>
    /// <exception cref="KitaruUsageException">It is none, or not safe.</exception>
    public static string Parse(string text, string source, Func<string, string?> environment)
    {
        if (text.Length > CharsMax || !Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Host.Length == 0)
            throw Error(source, "an http or https address", text);
        if (address.UserInfo.Length > 0)
            throw Error(source, "an address without a name and a password in it", "one with them");
        if (address.Query.Length > 0 || address.Fragment.Length > 0)
            throw Error(source, "an address without '?' and '#'", text);
        if (address.Scheme == "http" && !IsLoopback(address) && ConnectionVariables.Read(environment, ConnectionVariables.AllowHttp) is not "1")
        {
            throw new KitaruUsageException(
                $"{source}: '{Texts.Short(text, 80)}' would send the token in clear text over the network.",
                $"Use https, or set {ConnectionVariables.AllowHttp}=1 if the network between is trusted.")
            {
                Details = new() { ["argument"] = source, ["expected"] = "https, or http to this machine", ["got"] = Texts.Short(text, 80), ["example"] = "https://kitaru.example" },
            };
        }
        return address.GetLeftPart(UriPartial.Path).TrimEnd('/');
    }

    private static bool IsLoopback(Uri address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var number) && IPAddress.IsLoopback(number));

    private static KitaruUsageException Error(string source, string expected, string got) => new(
        $"{source}: expected {expected}, got '{Texts.Short(got, 80)}'.", $"Write for example {source}=https://kitaru.example.")
    {
        Details = new() { ["argument"] = source, ["expected"] = expected, ["got"] = Texts.Short(got, 80), ["example"] = "https://kitaru.example" },
    };
}
