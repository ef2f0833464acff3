using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Client;
using Kitaru.Core;
using Kitaru.Core.Telemetry;

namespace Kitaru;

/// <content>Calls under a key.</content>
public sealed partial class KitaruClient
{
    private static readonly JsonSerializerOptions Kept = new(JsonSerializerDefaults.Web);

    private readonly KitaruClient? _parent;
    private readonly string? _idempotencyKey;

    /// <summary>What an execution is stored with, inside a call under a key.</summary>
    private readonly string? _storedKey;

    /// <summary>
    /// This client for one change that is made once, however often the call is repeated: <c>kitaru.WithIdempotencyKey("nightly-7").Executions.CancelAsync(id)</c>. A repeated
    /// call answers what the first one did, for a week; another call under the same key is a <see cref="KitaruStateException"/>. It needs no disposing.
    /// </summary>
    /// <param name="key">Any text, 1 to 512 characters.</param>
    /// <exception cref="KitaruUsageException">The key is blank or too long.</exception>
    public KitaruClient WithIdempotencyKey(string key)
    {
        IdempotentRequest.CheckKey(key);
        return new KitaruClient(this, view: null, key, storedKey: null);
    }

    /// <summary>Makes a call under a key, for surfaces that keep their own answers.</summary>
    /// <param name="request">The call.</param>
    /// <param name="change">Makes it with the client it is given, and says what it answers. Its first change is made together with the key.</param>
    /// <param name="again">
    /// What to do, with the client it is given, when the change was made and its answer never stored: an execution that the first call started is found by its key. Null when
    /// nobody can tell what came of it.
    /// </param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The answer, and whether it is that of an earlier call.</returns>
    /// <exception cref="KitaruStateException">The key was used for another call, or the first call's answer is not known.</exception>
    public async Task<(string Answer, bool IsRepeated)> CallOnceAsync(
        IdempotentRequest request, Func<KitaruClient, Task<string>> change, Func<KitaruClient, Task<string>>? again = null, CancellationToken cancellationToken = default)
    {
        var controlPlane = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await Once.CallAsync(
            controlPlane, request, view => change(On(view)), again is null ? null : () => again(On(controlPlane)), Time, cancellationToken).ConfigureAwait(false);

        KitaruClient On(IControlPlane view) => new(this, view, idempotencyKey: null, request.Key);
    }

    /// <summary>The key an execution is stored with.</summary>
    internal string? StoredKey => _storedKey;

    /// <summary>Starts an execution, under its own key or the client's if there is one.</summary>
    /// <param name="ownKey">The call's own key.</param>
    /// <param name="operation">The method.</param>
    /// <param name="arguments">What tells one such call from another.</param>
    /// <param name="start">Starts it with the client it is given.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal async Task<StartedExecution> StartAsync(
        string? ownKey, string operation, JsonObject arguments, Func<KitaruClient, Task<StartedExecution>> start, CancellationToken cancellationToken)
    {
        using var activity = KitaruTelemetry.Source.StartActivity(operation, ActivityKind.Producer);
        if ((ownKey ?? _idempotencyKey) is not { } key)
            return await start(this).ConfigureAwait(false);
        var (answer, _) = await CallOnceAsync(
            IdempotentRequest.Of(key, operation, arguments) with { CreatesExecution = true }, StartAsync, StartAsync, cancellationToken).ConfigureAwait(false);
        return JsonSerializer.Deserialize<StartedExecution>(answer, Kept)!;

        async Task<string> StartAsync(KitaruClient client) => JsonSerializer.Serialize(await start(client).ConfigureAwait(false), Kept);
    }

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
