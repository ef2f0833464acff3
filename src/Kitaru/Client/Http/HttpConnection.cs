using System.Net;

namespace Kitaru.Client.Http;

/// <summary>How to reach a server.</summary>
public sealed record HttpConnection
{
    /// <summary>The server's address, for example <c>https://kitaru.example.com</c>.</summary>
    public required Uri Server { get; init; }

    /// <summary>The credential; asked for before each call, so that it may be renewed. Null for none.</summary>
    public Func<CancellationToken, ValueTask<string?>>? Token { get; init; }

    /// <summary>The project, by name or id; null for the credential's only one.</summary>
    public string? Project { get; init; }

    /// <summary>Whether the credential may go to another machine unencrypted.</summary>
    public bool AllowCleartext { get; init; }

    /// <summary>The clock of retries and timeouts.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What carries requests; null for one that keeps connections open.</summary>
    internal HttpMessageHandler? Handler { get; init; }

    /// <summary>The address under which the interface is.</summary>
    internal Uri Base()
    {
        var server = Server;
        if (!server.IsAbsoluteUri || server.Scheme is not ("http" or "https") || server.Host.Length == 0)
            throw new KitaruUsageException($"'{Core.Texts.Short(server.OriginalString)}' is not a server's address.", "Write it as https://kitaru.example.com.");
        if (server.UserInfo.Length > 0)
            throw new KitaruUsageException("A server's address may hold no user and no password.", "Leave them out; the token is given by itself (KITARU_AUTH_TOKEN).");
        if (server.Scheme == "http" && !IsLoopback(server) && !AllowCleartext)
        {
            throw new KitaruUsageException(
                $"{Show(server)} is on another machine and not encrypted: the token would be readable on the way.", "Use its https:// address, or allow cleartext where the network is yours.");
        }
        return new Uri(server.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/api/v1/");
    }

    internal static string Show(Uri server) => server.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.SafeUnescaped).TrimEnd('/');

    private static bool IsLoopback(Uri server) => server.IsLoopback || (IPAddress.TryParse(server.Host, out var address) && IPAddress.IsLoopback(address));
}
