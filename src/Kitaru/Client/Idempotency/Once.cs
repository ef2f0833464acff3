using Kitaru.Core;

namespace Kitaru.Client;

/// <summary>Makes a call under a key: once, and with one answer, however often it is repeated.</summary>
internal static class Once
{
    private static readonly TimeSpan OthersAnswer = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);

    /// <param name="controlPlane">Where the key is kept.</param>
    /// <param name="request">The call.</param>
    /// <param name="change">Makes it on the control plane it is given, and answers as text.</param>
    /// <param name="again">What to do when the change was made and its answer never stored; null when the change cannot tell by itself that it was made.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The answer, and whether it is that of an earlier call.</returns>
    /// <exception cref="KitaruStateException">The key was used for another request, or the first call's answer is not known.</exception>
    public static async Task<(string Answer, bool IsRepeated)> CallAsync(
        IControlPlane controlPlane, IdempotentRequest request, Func<IControlPlane, Task<string>> change, Func<Task<string>>? again, TimeProvider time, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            switch (await controlPlane.Idempotency.FindAsync(request, cancellationToken).ConfigureAwait(false))
            {
                case { Result: { } answer }:
                    return (answer, true);
                case null:
                    try
                    {
                        var made = await change(controlPlane.Under(request)).ConfigureAwait(false);
                        // The change is made: that its caller has gone is no reason to forget the answer.
                        await controlPlane.Idempotency.CompleteAsync(request, made, CancellationToken.None).ConfigureAwait(false);
                        return (made, false);
                    }
                    catch (IdempotencyKeyTakenException)
                    {
                        // Somebody else was faster, and will have the answer.
                    }
                    break;
                case { } unanswered when time.GetElapsedTime(begun) > OthersAnswer:
                    return again is not null ? (await again().ConfigureAwait(false), true) : throw Unanswered(request, unanswered.MadeAt);
            }
            await Task.Delay(Look, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static KitaruStateException Unanswered(IdempotentRequest request, DateTimeOffset madeAt) => new(
        $"The first {request.Operation} under the idempotency key '{Texts.Short(request.Key)}' made its change at {madeAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} and has not answered: it still runs, or its process ended "
        + "before it could. Nothing was done now.",
        "Look at what it changed, or call again later with the same key. A new key makes the change once more.");
}
