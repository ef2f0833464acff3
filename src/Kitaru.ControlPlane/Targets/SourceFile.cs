using System.Text;

namespace Kitaru.ControlPlane.Targets;

/// <summary>A C# file's content and what its head says about how to build it.</summary>
internal sealed class SourceFile
{
    private const int BytesMax = 16 * 1024 * 1024;
    private const int NameCharsMax = 100;

    private readonly string _text;

    private SourceFile(string path, byte[] content)
    {
        FullPath = path;
        Content = content;
        _text = Encoding.UTF8.GetString(content);
        Directives = [.. DirectivesIn(_text)];
    }

    public string FullPath { get; }

    public byte[] Content { get; }

    /// <summary>The <c>#:</c> lines at its head, without the mark.</summary>
    public IReadOnlyList<string> Directives { get; }

    public static SourceFile Read(string path, TargetErrors errors)
    {
        try
        {
            if (new FileInfo(path).Length > BytesMax)
                throw new IOException($"it is larger than {BytesMax / (1024 * 1024)} MiB");
            return new SourceFile(path, File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw errors.Unreadable(path, e);
        }
    }

    public bool Mentions(string word) => _text.Contains(word, StringComparison.Ordinal);

    /// <summary>The file's name where it can be an assembly's, never one that is <paramref name="taken"/>.</summary>
    public static string AssemblyNameFor(string path, IEnumerable<string> taken)
    {
        var name = new string([.. Path.GetFileNameWithoutExtension(path).Take(NameCharsMax)
            .Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_')]).Trim('.', '-');
        if (name.Length == 0)
            name = "flow";
        return taken.Append("usings.g").Contains(name, StringComparer.OrdinalIgnoreCase) ? name + "_flow" : name;
    }

    /// <summary>They stand before the first token; only comments, blank lines and <c>#!</c> may come between.</summary>
    private static IEnumerable<string> DirectivesIn(string text)
    {
        var inComment = false;
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim().TrimStart('\uFEFF');
            if (inComment)
            {
                inComment = !line.Contains("*/", StringComparison.Ordinal);
            }
            else if (line.StartsWith("#:", StringComparison.Ordinal))
            {
                yield return line[2..].Trim();
            }
            else if (line.StartsWith("/*", StringComparison.Ordinal))
            {
                inComment = !line.Contains("*/", StringComparison.Ordinal);
            }
            else if (line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal) && !line.StartsWith('#'))
            {
                yield break;
            }
        }
    }
}
