using System.Threading.RateLimiting;
using Kitaru.Core;
using Kitaru.Core.Http;

namespace Kitaru.Server.Requests;

/// <summary>How many requests one principal may make: enough for a busy worker, not enough to keep everybody else out.</summary>
internal sealed class Rates(ServerOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limits = PartitionedRateLimiter.Create<string, string>(name => RateLimitPartition.GetTokenBucketLimiter(name, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = options.RequestsPerSecond * 2,
        TokensPerPeriod = Math.Max(1, options.RequestsPerSecond / 10),
        ReplenishmentPeriod = TimeSpan.FromMilliseconds(100),
        QueueLimit = 0,
        AutoReplenishment = true,
    }));

    /// <summary>Null when the request may go on, else what it is answered.</summary>
    public Problem? Check(Principal principal)
    {
        // A lease of a token bucket holds nothing.
        using var lease = _limits.AttemptAcquire(principal.Name);
        return lease.IsAcquired ? null : Problems.Of(new KitaruBackendException($"'{Texts.Short(principal.Name, 80)}' makes more than {options.RequestsPerSecond} requests a second.", "Ask again a little later.")) with
        {
            Status = StatusCodes.Status429TooManyRequests,
            Title = "Too many requests",
            MayPass = true,
        };
    }

    public void Dispose() => _limits.Dispose();
}
