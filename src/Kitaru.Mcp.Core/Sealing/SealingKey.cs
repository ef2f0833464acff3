using System.Security.Cryptography;
using System.Text;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core.Configuration;

namespace Kitaru.Mcp.Sealing;

/// <summary>
/// The key of what is sealed for a client to bring back. It lies in the config directory, made when it is first needed; where several processes serve one store, each from a
/// directory of its own, it follows from the keys of secrets that they all are given.
/// </summary>
internal static class SealingKey
{
    public const int Bytes = 32;

    private const string FileName = "mcp.key";
    private const int FileBytesMax = 200;

    /// <param name="shared">What all processes are given, or null.</param>
    /// <param name="directory">The config directory.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops waiting for another process.</param>
    /// <exception cref="KitaruBackendException">It can be neither read nor made.</exception>
    public static async Task<byte[]> GetAsync(string? shared, ConfigDirectory directory, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(shared))
            return HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(shared), Bytes, info: "kitaru mcp seal"u8.ToArray());
        var path = Path.Combine(directory.Root, FileName);
        try
        {
            if (Read(path) is { } there)
                return there;
            ConfigDirectory.Ensure(directory.Locks);
            using var held = await FileLock.AcquireAsync(Path.Combine(directory.Locks, FileName + ".lock"), time, cancellationToken);
            // Another process may have been first.
            if (Read(path) is { } made)
                return made;
            var key = RandomNumberGenerator.GetBytes(Bytes);
            PrivateFile.Replace(path, Convert.ToBase64String(key));
            return key;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new KitaruBackendException($"The key in {path} cannot be used: {fault.Message}", "Make its folder writable for this user, or delete the file: forms that are open now are asked once more.", fault);
        }
    }

    private static byte[]? Read(string path)
    {
        if (PrivateFile.ReadText(path, FileBytesMax) is not { } text)
            return null;
        var key = Convert.FromBase64String(text.Trim());
        return key.Length == Bytes ? key : throw new FormatException("it is no key");
    }
}
