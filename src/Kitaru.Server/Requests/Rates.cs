using System.Collections.Concurrent;
using Kitaru.Core;
using Kitaru.Core.Http;

namespace Kitaru.Server.Requests;

/// <summary>
/// How many requests one principal may make: enough for a busy worker, not enough to keep everybody else out. What was used grows back with the time between two requests, so
/// a server that is asked nothing does nothing.
/// </summary>
internal sealed class Rates(ServerOptions options, TimeProvider time)
{
    private const int BucketsMax = 10_000;

    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    private double Limit => options.RequestsPerSecond * 2.0;

    /// <summary>Null when the request may go on, else what it is answered.</summary>
    public Problem? Check(Principal principal)
    {
        if (_buckets.Count >= BucketsMax)
            RemoveFull();
        return _buckets.GetOrAdd(principal.Name, _ => new Bucket(Limit, time.GetTimestamp())).TryTake(Limit, options.RequestsPerSecond, time)
            ? null
            : Problems.Of(new KitaruBackendException($"'{Texts.Short(principal.Name, 80)}' makes more than {options.RequestsPerSecond} requests a second.", "Ask again a little later.")) with
            {
                Status = StatusCodes.Status429TooManyRequests,
                Title = "Too many requests",
                MayPass = true,
            };
    }

    /// <summary>Who may do everything again is like one who never asked.</summary>
    private void RemoveFull()
    {
        foreach (var (name, bucket) in _buckets)
        {
            if (bucket.IsFull(Limit, options.RequestsPerSecond, time))
                _buckets.TryRemove(name, out _);
        }
    }

    /// <summary>Requests that may be made at once.</summary>
    private sealed class Bucket(double left, long seenAt)
    {
        private readonly Lock _lock = new();

        public bool TryTake(double limit, double perSecond, TimeProvider time)
        {
            lock (_lock)
            {
                Refill(limit, perSecond, time);
                if (left < 1)
                    return false;
                left--;
                return true;
            }
        }

        public bool IsFull(double limit, double perSecond, TimeProvider time)
        {
            lock (_lock)
            {
                Refill(limit, perSecond, time);
                return left >= limit;
            }
        }

        private void Refill(double limit, double perSecond, TimeProvider time)
        {
            var now = time.GetTimestamp();
            left = Math.Min(limit, left + time.GetElapsedTime(seenAt, now).TotalSeconds * perSecond);
            seenAt = now;
        }
    }
}
