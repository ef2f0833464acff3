using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Kitaru.ControlPlane.Storage;

namespace Kitaru.ControlPlane.Secrets;

/// <summary>One key that values are encrypted under.</summary>
internal sealed class SecretKey
{
    public const int Bytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int FingerprintBytes = 16;

    private readonly byte[] _key;

    public SecretKey(int version, byte[] key)
    {
        (Version, _key) = (version, key);
        Fingerprint = HMACSHA256.HashData(key, "kitaru secrets key"u8)[..FingerprintBytes];
    }

    public int Version { get; }

    /// <summary>Tells it from another key of the same number, and nothing else about it.</summary>
    public byte[] Fingerprint { get; }

    public static SecretKey NewRandom(int version) => new(version, RandomNumberGenerator.GetBytes(Bytes));

    public string ToBase64() => Convert.ToBase64String(_key);

    public SealedValue Seal(SecretId secret, string name, string value)
    {
        var plain = Encoding.UTF8.GetBytes(value);
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var sealedBytes = new byte[plain.Length + TagBytes];
        using (var gcm = new AesGcm(_key, TagBytes))
            gcm.Encrypt(nonce, plain, sealedBytes.AsSpan(0, plain.Length), sealedBytes.AsSpan(plain.Length), Context(secret, name));
        CryptographicOperations.ZeroMemory(plain);
        return new SealedValue(name, Version, nonce, sealedBytes);
    }

    /// <exception cref="CryptographicException">It was sealed under another key, or belongs to another secret, name or version.</exception>
    public string Open(SecretId secret, SealedValue value)
    {
        var length = value.Sealed.Length - TagBytes;
        if (length < 0)
            throw new CryptographicException("The value is shorter than its seal.");
        var plain = new byte[length];
        using (var gcm = new AesGcm(_key, TagBytes))
            gcm.Decrypt(value.Nonce, value.Sealed.AsSpan(0, length), value.Sealed.AsSpan(length), plain, Context(secret, value.Key));
        return Encoding.UTF8.GetString(plain);
    }

    /// <summary>What a value is bound to, so that nobody can put it in another one's place.</summary>
    private byte[] Context(SecretId secret, string name)
    {
        var context = new byte[20 + Encoding.UTF8.GetByteCount(name)];
        secret.Value.TryWriteBytes(context, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(context.AsSpan(16), Version);
        Encoding.UTF8.GetBytes(name, context.AsSpan(20));
        return context;
    }
}
