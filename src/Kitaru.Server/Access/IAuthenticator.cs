using Kitaru.Core;

namespace Kitaru.Server.Access;

/// <summary>Tells who presents a token. Several may be asked, one after another.</summary>
internal interface IAuthenticator
{
    /// <summary>Who it is; null when the token is not one of theirs, or is no longer valid. Why is nobody's business.</summary>
    Task<Principal?> AuthenticateAsync(string token, CancellationToken cancellationToken);
}
