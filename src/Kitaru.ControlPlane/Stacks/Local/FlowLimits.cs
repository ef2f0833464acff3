using System.Globalization;

namespace Kitaru.ControlPlane.Stacks.Local;

/// <summary>How many executions of a flow a worker runs at once, as <c>flow=number</c>.</summary>
public static class FlowLimits
{
    /// <summary>False when one of them is something else, or names a flow a second time.</summary>
    public static bool TryParse(IEnumerable<string> texts, out IReadOnlyDictionary<string, int> limits)
    {
        var read = new Dictionary<string, int>(StringComparer.Ordinal);
        limits = read;
        foreach (var text in texts)
        {
            if (text.LastIndexOf('=') is not (> 0 and var equals)
                || !int.TryParse(text.AsSpan(equals + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) || limit < 1 || !read.TryAdd(text[..equals], limit))
            {
                return false;
            }
        }
        return true;
    }
}
