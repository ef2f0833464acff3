using System.Text;
using System.Text.RegularExpressions;

namespace Kitaru.ControlPlane.Targets;

/// <summary>MSBuild's path patterns: <c>*</c>, <c>?</c> and <c>**</c>.</summary>
internal static class PathPattern
{
    public static bool Matches(string pattern, string relativePath)
    {
        var expression = new StringBuilder("^");
        var text = pattern.Replace('\\', '/').Replace("$(MSBuildThisFileDirectory)", "", StringComparison.Ordinal);
        for (var i = 0; i < text.Length; i++)
        {
            if (text.AsSpan(i).StartsWith("**/"))
            {
                expression.Append("(?:.*/)?");
                i += 2;
            }
            else if (text.AsSpan(i).StartsWith("**"))
            {
                expression.Append(".*");
                i++;
            }
            else
            {
                expression.Append(text[i] switch { '*' => "[^/]*", '?' => "[^/]", var other => Regex.Escape(other.ToString()) });
            }
        }
        expression.Append('$');
        return Regex.IsMatch(relativePath.Replace('\\', '/'), expression.ToString(), RegexOptions.NonBacktracking | RegexOptions.IgnoreCase);
    }
}
