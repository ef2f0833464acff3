using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Core;

/// <summary>A call under a key its caller made up: whatever happens to the connection, its change is made once.</summary>
/// <param name="Key">The caller's text, 1 to 512 characters.</param>
/// <param name="Operation">What is called, for example <c>kitaru_executions_cancel</c>.</param>
/// <param name="Hash">SHA-256 of what it is called with.</param>
public sealed record IdempotentRequest(string Key, string Operation, byte[] Hash)
{
    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private const int KeyCharsMax = 512;

    private const int DisguiseRounds = 200_000;

    /// <summary>Whether it starts an execution, which carries the key too and so is found again by itself.</summary>
    public bool CreatesExecution { get; init; }

    /// <summary>The request with these arguments, whatever the order of their keys.</summary>
    /// <summary>What may stand for a secret among the arguments: too slow to be found by trying values.</summary>
    public static string Disguise(string key, JsonNode? secret) =>
        Convert.ToHexStringLower(Rfc2898DeriveBytes.Pbkdf2(CanonicalJson.Bytes(secret), SHA256.HashData(Encoding.UTF8.GetBytes(key)), DisguiseRounds, HashAlgorithmName.SHA256, 32));

    /// <summary>Refuses what cannot be a key.</summary>
    /// <exception cref="KitaruUsageException">The key is blank or too long.</exception>
    public static IdempotentRequest Of(string key, string operation, JsonObject arguments)
    {
        CheckKey(key);
        return new IdempotentRequest(key, operation, SHA256.HashData(CanonicalJson.Bytes(arguments)));
    }

    /// <exception cref="KitaruUsageException">The key is blank or too long.</exception>
    public static void CheckKey(string key)
    {
        if (string.IsNullOrWhiteSpace(key) || key.Length > KeyCharsMax)
            throw new KitaruUsageException($"'{Texts.Short(key)}' is not an idempotency key: expected 1 to {KeyCharsMax} characters.", "Call again with a text of your own, or without a key.");
    }
}

/// <summary>The first call under a key made its change.</summary>
/// <param name="MadeAt">When.</param>
/// <param name="Result">What it answered, as JSON; null when its answer was never stored.</param>
public sealed record IdempotentOutcome(DateTimeOffset MadeAt, string? Result);

/// <summary>Calls that are made at most once. See <see cref="IControlPlane.Under"/>.</summary>
public interface IIdempotency
{
    /// <summary>What the first call under this key came to; null when there was none that changed anything.</summary>
    /// <exception cref="KitaruStateException">The key was used for another request.</exception>
    Task<IdempotentOutcome?> FindAsync(IdempotentRequest request, CancellationToken cancellationToken = default);

    /// <summary>Stores what the first call answered. Answered already: nothing happens.</summary>
    Task CompleteAsync(IdempotentRequest request, string result, CancellationToken cancellationToken = default);
}

/// <summary>Another call under this key was faster; ask for its outcome.</summary>
public sealed class IdempotencyKeyTakenException(string key)
    : KitaruStateException($"Another call under the idempotency key '{Texts.Short(key)}' is being made.", "Call again with the same key.")
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;
}
