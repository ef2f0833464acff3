using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Client.Connection;
using Kitaru.Core;

namespace Kitaru.Cli.Auth;

/// <summary>kitaru auth token.</summary>
internal static class TokenCommand
{
    public static LeafCommand Create() => new(
        "auth.token", "Prints a token for an hour with your own rights, for requests by hand.", "export KITARU_SERVER_ACCESS_TOKEN=\"$(kitaru auth token)\"", async (call, cancellationToken) =>
        {
            if (call.Client.ReadConnection().Kind != ConnectionKind.RemoteServer)
                throw new KitaruUsageException("A token needs a server, and commands work on this machine's own store.", "Log in first: kitaru login https://kitaru.example.");
            var token = await call.Client.CreateAccessTokenAsync(cancellationToken);
            return Answer.Item(new JsonObject { ["token"] = token.Token }, new PlainText(token.Token));
        });
}
