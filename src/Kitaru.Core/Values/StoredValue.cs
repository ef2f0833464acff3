using System.Security.Cryptography;

namespace Kitaru.Core;

/// <summary>
/// A value as it is stored: bytes with a media type, the CLR type's name and a hash. Up to
/// <see cref="InlineBytesMax"/> the bytes lie inline; larger ones stand in the artifact store under their hash.
/// </summary>
/// <param name="MediaType"><c>application/json</c>, <c>text/plain</c> or <c>application/octet-stream</c>.</param>
/// <param name="TypeName">The CLR type's full name, shown to people; never used to choose a type to load.</param>
/// <param name="Hash">SHA-256 of the bytes, lower-case hex.</param>
/// <param name="SizeBytes">How many bytes there are.</param>
/// <param name="Inline">The bytes, or null when they stand in the artifact store.</param>
public sealed record StoredValue(string MediaType, string TypeName, string Hash, long SizeBytes, byte[]? Inline)
{
    /// <summary>The largest value that is kept beside its record.</summary>
    public const int InlineBytesMax = 64 * 1024;

    /// <summary>JSON text in UTF-8.</summary>
    public const string Json = "application/json";

    /// <summary>Plain text in UTF-8.</summary>
    public const string Text = "text/plain";

    /// <summary>Bytes as they are.</summary>
    public const string Bytes = "application/octet-stream";

    /// <summary>A value whose bytes are at hand, inline whatever their size; the control plane moves large ones to the artifact store.</summary>
    public static StoredValue Of(string mediaType, string typeName, byte[] bytes) =>
        new(mediaType, typeName, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length, bytes);
}
