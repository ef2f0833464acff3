using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Mcp.Sealing;

/// <summary>
/// Seals what a client is given to bring back, so that it can neither be read nor changed, nor be used for something else or later: AES-256-GCM over the content and its end, with
/// the purpose as associated data. What may be used once only, its content must tell.
/// </summary>
internal sealed class Sealer(byte[] key, TimeProvider time)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int CharsMax = 64 * 1024;
    private const string Until = "until";

    public string Seal(string purpose, JsonObject content, TimeSpan lifetime)
    {
        content[Until] = (time.GetUtcNow() + lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var plain = KitaruJson.WriteBytes(content);
        var box = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = box.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var gcm = new AesGcm(key, TagBytes);
        gcm.Encrypt(nonce, plain, box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length), Encoding.UTF8.GetBytes(purpose));
        return Base64Url.EncodeToString(box);
    }

    /// <summary>What was sealed for this purpose; null when this is none of it, was changed, or was sealed under another key.</summary>
    /// <param name="purpose">What it is for.</param>
    /// <param name="text">What the client brought.</param>
    /// <param name="isOver">Whether it was good until before now.</param>
    public JsonObject? Open(string purpose, string text, out bool isOver)
    {
        isOver = false;
        try
        {
            if (text.Length > CharsMax || Base64Url.DecodeFromChars(text) is not { Length: > NonceBytes + TagBytes } box)
                return null;
            var plain = new byte[box.Length - NonceBytes - TagBytes];
            using var gcm = new AesGcm(key, TagBytes);
            gcm.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length), plain, Encoding.UTF8.GetBytes(purpose));
            var content = (JsonObject)KitaruJson.Parse(Encoding.UTF8.GetString(plain))!;
            isOver = time.GetUtcNow().ToUnixTimeSeconds() > long.Parse(content[Until]!.ToString(), CultureInfo.InvariantCulture);
            return content;
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException or JsonException)
        {
            return null;
        }
    }
}
