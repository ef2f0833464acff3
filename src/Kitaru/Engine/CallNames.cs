using System.Globalization;

namespace Kitaru.Engine;

/// <summary>Gives each call of a run its key: the name, and from the second use on the name with an ordinal (runtime.md 4.2).</summary>
internal sealed class CallNames
{
    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public string Next(string name)
    {
        var ordinal = _uses.GetValueOrDefault(name);
        string key;
        do
        {
            ordinal++;
            key = ordinal == 1 ? name : name + "_" + ordinal.ToString(CultureInfo.InvariantCulture);
        }
        while (!_taken.Add(key));
        _uses[name] = ordinal;
        return key;
    }

    public string Explicit(string key) => _taken.Add(key)
        ? key
        : throw new KitaruUsageException($"The key '{key}' was used by an earlier call of this execution.", "Give every call its own key, or none.");
}
