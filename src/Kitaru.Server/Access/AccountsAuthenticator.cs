using Kitaru.ControlPlane.Access;
using Kitaru.Core;

namespace Kitaru.Server.Access;

/// <summary>The admin secret, API keys, and the tokens that were exchanged for them.</summary>
internal sealed class AccountsAuthenticator(ServerCredentials credentials) : IAuthenticator
{
    public Task<Principal?> AuthenticateAsync(string token, CancellationToken cancellationToken) => credentials.AuthenticateAsync(token, cancellationToken);
}
