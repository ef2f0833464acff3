namespace Kitaru.UnitTests.Repository;

/// <summary>Files that grew long, to be looked at; not an error.</summary>
internal static class LongFiles
{
    public const int LinesMax = 400;

    public static IEnumerable<(RepositoryFile File, int Lines)> Longest(IEnumerable<RepositoryFile> files, int count) => files
        .Where(file => file.Extension is ".cs" or ".sql" or ".md")
        .Select(file => (file, file.Text.AsSpan().Count('\n')))
        .OrderByDescending(pair => pair.Item2)
        .Take(count);
}
