using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Client;
using Kitaru.Core;

namespace Kitaru;

/// <content>Calls under a key.</content>
public sealed partial class KitaruClient
{
    private static readonly JsonSerializerOptions Kept = new(JsonSerializerDefaults.Web);

    private readonly KitaruClient? _parent;
    private readonly string? _idempotencyKey;

    /// <summary>
    /// This client for one change that is made once, however often the call is repeated: <c>kitaru.WithIdempotencyKey("nightly-7").Executions.CancelAsync(id)</c>. A repeated
    /// call answers what the first one did, for a week; another call under the same key is a <see cref="KitaruStateException"/>. It needs no disposing.
    /// </summary>
    /// <param name="key">Any text, 1 to 512 characters.</param>
    /// <exception cref="KitaruUsageException">The key is blank or too long.</exception>
    public KitaruClient WithIdempotencyKey(string key)
    {
        IdempotentRequest.CheckKey(key);
        return new KitaruClient(this, null, key);
    }

    /// <summary>Makes a call under a key, for surfaces that keep their own answers.</summary>
    /// <param name="request">The call.</param>
    /// <param name="change">Makes it with the client it is given, and says what it answers. Its first change is made together with the key.</param>
    /// <param name="again">What to do when the change was made and its answer never stored; null when nobody can tell what came of it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The answer, and whether it is that of an earlier call.</returns>
    /// <exception cref="KitaruStateException">The key was used for another call, or the first call's answer is not known.</exception>
    public async Task<(string Answer, bool IsRepeated)> CallOnceAsync(
        IdempotentRequest request, Func<KitaruClient, Task<string>> change, Func<Task<string>>? again = null, CancellationToken cancellationToken = default) =>
        await Once.CallAsync(
            await OpenAsync(cancellationToken).ConfigureAwait(false), request, view => change(On(view)), again, Time, cancellationToken).ConfigureAwait(false);

    /// <summary>The key a start is stored with: its own, or the client's.</summary>
    internal string? KeyOf(string? own) => own ?? _idempotencyKey;

    /// <summary>This client over another view of the same control plane.</summary>
    private KitaruClient On(IControlPlane view) => new(this, view, null);

    /// <summary>Makes a change, under the client's key if it has one.</summary>
    /// <param name="operation">The method, such as <c>Executions.CancelAsync</c>.</param>
    /// <param name="arguments">What tells one such call from another.</param>
    /// <param name="change">Makes it with the client it is given.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal async Task<T> ChangeAsync<T>(string operation, JsonObject arguments, Func<KitaruClient, Task<T>> change, CancellationToken cancellationToken)
    {
        if (_idempotencyKey is null)
            return await change(this).ConfigureAwait(false);
        var (answer, _) = await CallOnceAsync(
            IdempotentRequest.Of(_idempotencyKey, operation, arguments),
            async client => JsonSerializer.Serialize(await change(client).ConfigureAwait(false), Kept),
            again: null, cancellationToken).ConfigureAwait(false);
        return JsonSerializer.Deserialize<T>(answer, Kept)!;
    }
}
