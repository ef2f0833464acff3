namespace Kitaru.UnitTests.Repository;

/// <summary>One file of the repository, or a sample that stands for one.</summary>
/// <param name="Path">From the root, with forward slashes.</param>
/// <param name="Text">Its content.</param>
public sealed record RepositoryFile(string Path, string Text)
{
    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    public string Extension => System.IO.Path.GetExtension(Path);

    public IEnumerable<(string Text, int Number)> Lines => Text.Split('\n').Select((line, index) => (line.TrimEnd('\r'), index + 1));
}
