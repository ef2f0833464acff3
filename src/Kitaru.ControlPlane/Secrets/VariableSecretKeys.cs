using System.Text;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Secrets;

/// <summary>Keys that an administrator gives in an environment variable. Nothing here can change them.</summary>
internal sealed class VariableSecretKeys(string json) : SecretKeyring
{
    private readonly IReadOnlyDictionary<int, SecretKey> _keys = SecretKeysJson.Read(Encoding.UTF8.GetBytes(json), Variable);

    private static string Variable => $"the variable {EmbeddedOptions.SecretKeysVariable}";

    public override string Place => Variable;

    public override Task<SecretKey> GetNewestAsync(int versionMin, CancellationToken cancellationToken) => Newest(_keys, versionMin) is { } key
        ? Task.FromResult(key)
        : throw new KitaruStateException(
            $"{EmbeddedOptions.SecretKeysVariable} has no key with the number {versionMin} or a higher one, and Kitaru cannot change the variable.",
            $"Add \"{versionMin}\": \"<{SecretKey.Bytes} random bytes in base64>\" to its keys (openssl rand -base64 {SecretKey.Bytes}) in every process, keep the present key, and call again.");

    /// <summary>Whoever set the variable removes them.</summary>
    public override Task ForgetBeforeAsync(int version, CancellationToken cancellationToken) => Task.CompletedTask;

    protected override IReadOnlyDictionary<int, SecretKey> Load() => _keys;
}
