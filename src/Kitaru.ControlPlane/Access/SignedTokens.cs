using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Access;

/// <summary>What a signed token says.</summary>
internal sealed record TokenClaims
{
    /// <summary>The key it was exchanged for; null for the admin secret.</summary>
    [JsonPropertyName("k")]
    public Guid? Key { get; init; }

    /// <summary>When it ends, in seconds since 1970.</summary>
    [JsonPropertyName("e")]
    public required long ExpiresAt { get; init; }

    /// <summary>Set in a worker's token.</summary>
    [JsonPropertyName("w")]
    public WorkerClaims? Worker { get; init; }
}

/// <summary>What a worker's token is good for.</summary>
internal sealed record WorkerClaims
{
    [JsonPropertyName("p")]
    public required Guid Project { get; init; }

    [JsonPropertyName("w")]
    public required Guid Worker { get; init; }

    [JsonPropertyName("s")]
    public required string Snapshot { get; init; }

    [JsonPropertyName("v")]
    public required string Environment { get; init; }

    [JsonPropertyName("x")]
    public Guid? Execution { get; init; }
}

/// <summary>Tokens that carry what they say, signed by the server: <c>ktk_&lt;claims&gt;.&lt;signature&gt;</c>. Nothing of them is stored.</summary>
internal sealed class SignedTokens
{
    public const string Prefix = "ktk_";

    private const int CharsMax = 4096;
    private readonly byte[] _key;

    /// <param name="adminSecret">The server's admin secret: who has the database only can sign nothing, and another secret ends all tokens.</param>
    /// <param name="salt">The server store's.</param>
    public SignedTokens(string adminSecret, byte[] salt) =>
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(adminSecret.Trim()), HMACSHA256.HashSizeInBytes, salt, "kitaru tokens 1"u8.ToArray());

    public string Issue(TokenClaims claims)
    {
        var body = Prefix + Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims));
        return $"{body}.{Base64Url.EncodeToString(Sign(body))}";
    }

    /// <summary>What it says; null when this server did not sign it or it has ended.</summary>
    public TokenClaims? Read(string token, DateTimeOffset now)
    {
        if (!token.StartsWith(Prefix, StringComparison.Ordinal) || token.Length > CharsMax || token.LastIndexOf('.') is not (> 0 and var dot))
            return null;
        var body = token[..dot];
        if (!TryDecode(token.AsSpan(dot + 1), out var signature) || !CryptographicOperations.FixedTimeEquals(signature, Sign(body)))
            return null;
        try
        {
            // Signed: it is what this server wrote, or a replica of another version.
            return TryDecode(body.AsSpan(Prefix.Length), out var json) && JsonSerializer.Deserialize<TokenClaims>(json) is { } claims && claims.ExpiresAt > now.ToUnixTimeSeconds() ? claims : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private byte[] Sign(string body) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(body));

    private static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (!Base64Url.IsValid(text))
            return false;
        bytes = Base64Url.DecodeFromChars(text);
        return true;
    }
}
