using Kitaru.Core;
using Kitaru.Engine;

namespace Kitaru;

/// <content>Secrets.</content>
public static partial class Flow
{
    /// <summary>
    /// Reads a secret, in a flow body or in a checkpoint. It is never recorded: every run reads it as it then is, and its values show as
    /// <c>***</c> in logs, results, errors and all else that is recorded.
    /// </summary>
    /// <param name="name">Its exact name, or its id.</param>
    /// <exception cref="KitaruNotFoundException">There is none.</exception>
    /// <exception cref="KitaruContextException">Outside a flow.</exception>
    public static Task<Secret> SecretAsync(string name)
    {
        if (FlowScope.FlowBody is { } body)
            return body.SecretAsync(name);
        var run = FlowScope.Run ?? throw new KitaruContextException(
            "Flow.SecretAsync works only in a running flow or checkpoint; this code runs outside one.",
            "Elsewhere call KitaruClient.Secrets.GetAsync, or start the flow with KitaruClient.RunAsync or kitaru_executions_run.");
        return run.ReadSecretAsync(name, CancellationToken);
    }

    /// <summary>Reads one value of a secret.</summary>
    /// <param name="name">The secret's exact name, or its id.</param>
    /// <param name="key">The value's key.</param>
    /// <exception cref="KitaruNotFoundException">There is no such secret, or it has no such key.</exception>
    /// <exception cref="KitaruContextException">Outside a flow.</exception>
    public static Task<string> SecretAsync(string name, string key)
    {
        var reading = SecretAsync(name);
        // Read on the spot, it stays so: in a flow body nothing but recorded completions may come later.
        return reading.IsCompletedSuccessfully ? Task.FromResult(ValueOf(reading.Result, key)) : ValueOfAsync(reading, key);
    }

    private static async Task<string> ValueOfAsync(Task<Secret> reading, string key) => ValueOf(await reading.ConfigureAwait(false), key);

    private static string ValueOf(Secret secret, string key) => secret.Get(key) ?? throw new KitaruNotFoundException(
        $"Secret '{secret.Name}' has no key '{Texts.Short(key)}'.{Texts.DidYouMean(key, secret.Keys)} It has: {string.Join(", ", secret.Keys)}.",
        "Use one of these keys, or add the value with client.Secrets.SetAsync.");
}
