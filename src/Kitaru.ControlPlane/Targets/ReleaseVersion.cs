using System.Globalization;

namespace Kitaru.ControlPlane.Targets;

/// <summary>A version such as 10.0.401 or 1.2.0-rc.1+build, ordered as releases are: a pre-release comes before its release.</summary>
internal sealed record ReleaseVersion : IComparable<ReleaseVersion>
{
    private readonly Version _number;
    private readonly string[] _label;

    private ReleaseVersion(Version number, string[] label) => (_number, _label) = (number, label);

    public int Major => _number.Major;

    public static ReleaseVersion? TryParse(string? text)
    {
        if (text is null)
            return null;
        var plus = text.IndexOf('+', StringComparison.Ordinal);
        var core = plus < 0 ? text : text[..plus];
        var dash = core.IndexOf('-', StringComparison.Ordinal);
        var digits = dash < 0 ? core : core[..dash];
        return Version.TryParse(digits, out var number)
            ? new ReleaseVersion(
                new Version(number.Major, number.Minor, Math.Max(0, number.Build), Math.Max(0, number.Revision)),
                dash < 0 ? [] : core[(dash + 1)..].Split('.'))
            : null;
    }

    public int CompareTo(ReleaseVersion? other)
    {
        if (other is null)
            return 1;
        var byNumber = _number.CompareTo(other._number);
        if (byNumber != 0 || (_label.Length == 0 && other._label.Length == 0))
            return byNumber;
        if (_label.Length == 0 || other._label.Length == 0)
            return _label.Length == 0 ? 1 : -1;
        for (var i = 0; i < Math.Min(_label.Length, other._label.Length); i++)
        {
            var byPart = int.TryParse(_label[i], NumberStyles.None, CultureInfo.InvariantCulture, out var left)
                && int.TryParse(other._label[i], NumberStyles.None, CultureInfo.InvariantCulture, out var right)
                ? left.CompareTo(right)
                : string.CompareOrdinal(_label[i], other._label[i]);
            if (byPart != 0)
                return byPart;
        }
        return _label.Length.CompareTo(other._label.Length);
    }
}
