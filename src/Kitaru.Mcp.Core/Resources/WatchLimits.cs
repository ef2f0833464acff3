using System.Collections.Concurrent;

namespace Kitaru.Mcp.Resources;

/// <summary>How much is watched at once: everybody who watches makes the store be looked at.</summary>
internal sealed class WatchLimits
{
    /// <summary>How many resources one subscription or session may name.</summary>
    public const int UrisMax = 64;

    /// <summary>How many watches one principal may have at once.</summary>
    public const int PerPrincipalMax = 100;

    /// <summary>How many watches there are at once in this process.</summary>
    public const int AllMax = 1000;

    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>Counts one more; give it back with <see cref="Leave"/>.</summary>
    /// <exception cref="KitaruStateException">There are as many as may be.</exception>
    public void Enter(string principal)
    {
        var (own, all) = (_counts.AddOrUpdate(principal, 1, (_, count) => count + 1), Interlocked.Increment(ref _all));
        if (own <= PerPrincipalMax && all <= AllMax)
            return;
        Leave(principal);
        throw new KitaruStateException(
            own > PerPrincipalMax ? $"You have {PerPrincipalMax} subscriptions at once, and no more are allowed." : $"The server has {AllMax} subscriptions, and no more are allowed.",
            "End some, or wait with kitaru_executions_get(exec_id, wait_seconds=50).");
    }

    public void Leave(string principal)
    {
        Interlocked.Decrement(ref _all);
        _counts.AddOrUpdate(principal, 0, (_, count) => count - 1);
        ((ICollection<KeyValuePair<string, int>>)_counts).Remove(KeyValuePair.Create(principal, 0));
    }
}
