using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Access;

/// <summary>An API key as it is sent: <c>kat_&lt;id&gt;_&lt;secret&gt;</c>. The secret has 256 bits from the system's generator, so a plain hash of it is as hard to turn back as the secret is to guess.</summary>
internal static class ApiKeySecret
{
    public const string Prefix = "kat_";

    private const int IdChars = 32;
    private const int SecretBytes = 32;
    private const int SecretChars = 43;

    /// <summary>A new one: what is sent, and the hash that is kept.</summary>
    public static (string Key, byte[] Hash) Issue(ApiKeyId id)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return ($"{Prefix}{id.Value:N}_{secret}", HashOf(secret));
    }

    /// <summary>Takes it apart; null when it is none.</summary>
    public static (ApiKeyId Id, byte[] Hash)? Read(string token) =>
        token.Length == Prefix.Length + IdChars + 1 + SecretChars && token.StartsWith(Prefix, StringComparison.Ordinal) && token[Prefix.Length + IdChars] == '_'
            && Guid.TryParseExact(token.AsSpan(Prefix.Length, IdChars), "N", out var id)
                ? (new ApiKeyId(id), HashOf(token[(Prefix.Length + IdChars + 1)..]))
                : null;

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
