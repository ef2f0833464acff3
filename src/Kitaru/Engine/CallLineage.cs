namespace Kitaru.Engine;

/// <summary>
/// Which calls a call followed on. Plain C# hides data flow, so the safe answer is recorded: every completion the body has seen
/// that no other call followed on yet. Calls made in the same turn share their parents. Waits and sleeps are calls here.
/// </summary>
internal sealed class CallLineage
{
    private readonly HashSet<string> _leaves = new(StringComparer.Ordinal);
    private string[]? _turnParents;

    /// <summary>Calls the body has seen the end of and has not followed up: of those that failed, nobody took notice.</summary>
    public IReadOnlyCollection<string> Leaves => _leaves;

    public IReadOnlyList<string> Parents()
    {
        if (_turnParents is null)
        {
            _turnParents = [.. _leaves.Order(StringComparer.Ordinal)];
            _leaves.Clear();
        }
        return _turnParents;
    }

    /// <summary>The body saw a completion: a new turn begins.</summary>
    public void Delivered(string key)
    {
        _turnParents = null;
        _leaves.Add(key);
    }
}
