using System.Globalization;
using System.Text;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.Stacks.Local;

/// <summary>
/// The file with a worker's raw standard output and error, and beside it how much of that the worker has put into logs itself. What is left
/// when it dies is its last words.
/// </summary>
internal sealed class WorkerOutput(string path)
{
    private const int LineCharsMax = 16 * 1024;
    private const int TailBytesMax = 64 * 1024;
    private const int TailLinesMax = 200;

    private string ReadPath => path + ".read";

    public static string PathOf(ConfigDirectory config, WorkerId id) => Path.Combine(config.Workers, id + ".log");

    /// <summary>Notes that everything before <paramref name="offset"/> is in the logs.</summary>
    public void MarkRead(long offset) => File.WriteAllText(ReadPath, offset.ToString(CultureInfo.InvariantCulture));

    /// <summary>Takes the file over for good and returns the lines nobody has read; of several that try, one gets them.</summary>
    public IReadOnlyList<string> TakeLastWords()
    {
        var taken = path + ".taken";
        try
        {
            File.Move(path, taken);
            var mark = File.Exists(ReadPath) ? File.ReadAllText(ReadPath) : "";
            var offset = long.TryParse(mark, NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : 0;
            using var file = new FileStream(taken, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Position = Math.Min(file.Length, Math.Max(offset, file.Length - TailBytesMax));
            using var reader = new StreamReader(file, Encoding.UTF8);
            return [.. Lines(reader.ReadToEnd()).Where(line => line.Length > 0).TakeLast(TailLinesMax)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
        finally
        {
            Delete(taken);
            Delete(ReadPath);
        }
    }

    /// <summary>Forgets the file after a clean end.</summary>
    public void Delete()
    {
        Delete(path);
        Delete(ReadPath);
    }

    /// <summary>A line of the worker's own as a log entry.</summary>
    public static LogEntry Entry(string line, string level, DateTimeOffset at) =>
        new() { Message = line.Length > LineCharsMax ? line[..LineCharsMax] + "…" : line, Level = level, Timestamp = at, Source = "runner" };

    public static IEnumerable<string> Lines(string text) => text.Split('\n').Select(line => line.TrimEnd('\r'));

    private static void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Old files are cleared when a stack starts.
        }
    }
}
