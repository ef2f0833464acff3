using System.Text.RegularExpressions;

namespace Kitaru.UnitTests.Repository;

/// <summary>Prose that points at something points at something that exists.</summary>
internal static partial class MarkdownRules
{
    private static readonly string[] FrameworkTypes = ["Task", "TimeProvider", "Console", "Guid", "Random", "SynchronizationContext", "AssemblyVersion"];

    public static IEnumerable<string> CheckLinks(IReadOnlyCollection<RepositoryFile> files)
    {
        var paths = files.Select(file => file.Path).ToHashSet();
        foreach (var folder in paths.SelectMany(Parents).ToArray())
            paths.Add(folder);
        foreach (var file in files.Where(file => file.Extension == ".md"))
        {
            foreach (var (line, number) in Prose(file))
            {
                foreach (var target in Link().Matches(line).Select(match => match.Groups[1].Value))
                {
                    if (Missing(file, target, paths, files) is { } what)
                        yield return $"{file.Path}:{number}: {what}";
                }
            }
        }
    }

    /// <summary>Paths in backticks must be there.</summary>
    public static IEnumerable<string> CheckPaths(RepositoryFile document, IReadOnlyCollection<RepositoryFile> files)
    {
        var paths = files.Select(file => file.Path).SelectMany(path => Parents(path).Append(path)).ToHashSet();
        return Quotes(document)
            .Where(quote => FilePath().IsMatch(quote.Text) && !paths.Contains(quote.Text.TrimEnd('/')))
            .Select(quote => $"{document.Path}:{quote.Number}: there is no {quote.Text}.");
    }

    /// <summary>Types in backticks, or members of one, must be declared in src.</summary>
    public static IEnumerable<string> CheckTypes(RepositoryFile document, IReadOnlyCollection<RepositoryFile> files)
    {
        var declaring = files
            .Where(file => file.Extension == ".cs" && file.Path.StartsWith("src/", StringComparison.Ordinal))
            .SelectMany(file => Declaration().Matches(file.Text).Select(match => (Type: match.Groups[1].Value, file.Text)))
            .ToLookup(pair => pair.Type, pair => pair.Text);
        foreach (var (text, number) in Quotes(document))
        {
            if (TypeName().Match(text) is not { Success: true } name || IsNotOurs(name.Groups["type"].Value, files))
                continue;
            var member = name.Groups["member"].Value;
            if (!declaring[name.Groups["type"].Value].Any(code => member.Length == 0 || Regex.IsMatch(code, $@"\b{member}\b")))
                yield return $"{document.Path}:{number}: there is no type or member {text} in src.";
        }
    }

    private static bool IsNotOurs(string type, IEnumerable<RepositoryFile> files) =>
        FrameworkTypes.Contains(type) || files.Any(file => file.Path.StartsWith($"src/{type}/", StringComparison.Ordinal));

    private static IEnumerable<(string Text, int Number)> Quotes(RepositoryFile document) =>
        Prose(document).SelectMany(line => Quoted().Matches(line.Text).Select(match => (match.Groups[1].Value, line.Number)));

    private static string? Missing(RepositoryFile file, string target, HashSet<string> paths, IReadOnlyCollection<RepositoryFile> files)
    {
        if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
            return null;
        var (path, anchor) = target.Split('#') is [var before, var after] ? (before, after) : (target, null);
        var full = path.Length == 0 ? file.Path : Normalize(file.Folder, path);
        if (!paths.Contains(full))
            return $"the link {target} leads nowhere.";
        if (anchor is not null && files.FirstOrDefault(other => other.Path == full) is { } page && !Anchors(page).Contains(anchor))
            return $"{full} has no heading #{anchor}.";
        return null;
    }

    private static string Normalize(string folder, string path)
    {
        var parts = new List<string>(folder.Length == 0 ? [] : folder.Split('/'));
        foreach (var part in path.TrimEnd('/').Split('/').Where(part => part is not "."))
        {
            if (part == ".." && parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else
                parts.Add(part);
        }
        return string.Join('/', parts);
    }

    private static IEnumerable<string> Anchors(RepositoryFile page) => Prose(page)
        .Where(line => line.Text.StartsWith('#'))
        .Select(line => NotInAnchor().Replace(line.Text.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    private static IEnumerable<string> Parents(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
            yield return path[..slash];
    }

    /// <summary>The lines outside of code blocks.</summary>
    private static IEnumerable<(string Text, int Number)> Prose(RepositoryFile file)
    {
        var inCode = false;
        foreach (var line in file.Lines)
        {
            if (line.Text.TrimStart().StartsWith("```", StringComparison.Ordinal))
                inCode = !inCode;
            else if (!inCode)
                yield return line;
        }
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum)\s+([A-Z]\w*)")]
    private static partial Regex Declaration();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^(?<type>[A-Z][a-z]\w*|I[A-Z][a-z]\w*)(\.(?<member>[A-Z]\w*))?(\(\))?$")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"^(src|tests|docs|eng|bench|examples|packaging|\.ci)/[\w./-]*$")]
    private static partial Regex FilePath();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}
