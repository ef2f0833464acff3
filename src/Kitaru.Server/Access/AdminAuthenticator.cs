using System.Security.Cryptography;
using System.Text;
using Kitaru.Core;

namespace Kitaru.Server.Access;

/// <summary>The one secret that the server was started with. Its holder may do everything.</summary>
internal sealed class AdminAuthenticator : IAuthenticator
{
    /// <summary>A shorter secret could be guessed.</summary>
    public const int SecretCharsMin = 32;

    private readonly byte[] _hash;
    private readonly Principal _admin;

    /// <exception cref="KitaruUsageException">The secret is too short.</exception>
    public AdminAuthenticator(string secret, string name = "admin")
    {
        Check(secret);
        _hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret.Trim()));
        _admin = new Principal(name, IsAdmin: true, new Dictionary<ProjectId, Role>());
    }

    public Task<Principal?> AuthenticateAsync(string token, CancellationToken cancellationToken) => Task.FromResult(
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), _hash) ? _admin : null);

    /// <exception cref="KitaruUsageException">The secret is too short.</exception>
    public static void Check(string secret)
    {
        if (secret.Trim().Length < SecretCharsMin)
        {
            throw new KitaruUsageException(
                $"The admin secret has {secret.Trim().Length} characters; it must have at least {SecretCharsMin}.", $"Set {ServerOptions.AdminSecretVariable} to a long random text, for example the output of: openssl rand -hex 32");
        }
    }
}
