using System.Text;
using Kitaru.Core;

namespace Kitaru.ControlPlane.LocalServer;

/// <summary>The last lines of a log, for an error message.</summary>
internal static class LogTail
{
    private const int BytesMax = 8 * 1024;
    private const int LinesMax = 12;
    private const int LineCharsMax = 300;

    /// <summary>Empty, or a sentence with what the log, and what was printed before there was one, end with.</summary>
    public static string Of(string path, string printed = "")
    {
        var lines = (Read(path) + "\n" + printed).Split('\n').Select(line => Texts.Short(line.TrimEnd('\r'), LineCharsMax)).Where(line => line.Length > 0).TakeLast(LinesMax).ToList();
        return lines.Count == 0 ? " It wrote nothing." : $" It ends with:\n{string.Join('\n', lines)}";
    }

    private static string Read(string path)
    {
        try
        {
            if (!File.Exists(path))
                return "";
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Position = Math.Max(0, file.Length - BytesMax);
            using var reader = new StreamReader(file, Encoding.UTF8);
            return reader.ReadToEnd();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
