using Kitaru.Client.Connection;
using Kitaru.Core;

namespace Kitaru;

/// <content>Projects, accounts and keys of the server this client is connected to.</content>
public sealed partial class KitaruClient
{
    /// <summary>Projects, service accounts and API keys of the server. Needs no project.</summary>
    /// <exception cref="KitaruUsageException">This client works on the embedded store, or the settings make no sense.</exception>
    public IServerAccess OpenAccess() => _access.Of(ServerSettings());

    /// <summary>A token for an hour with this client's own rights, such as for a request with curl.</summary>
    /// <exception cref="KitaruUsageException">This client works on no remote server, or the settings make no sense.</exception>
    public async Task<AccessToken> CreateAccessTokenAsync(CancellationToken cancellationToken = default) =>
        await _access.Of(ServerSettings()).CreateTokenAsync(cancellationToken).ConfigureAwait(false);

    private ConnectionSettings ServerSettings() => ReadConnection() is { Kind: not ConnectionKind.Embedded } settings ? settings : throw new KitaruUsageException(
        "This needs a server, and this client works on the local database.", "Log in to a server, set KITARU_SERVER_URL and KITARU_AUTH_TOKEN, or start the local server.");
}
