namespace Kitaru.Core.Configuration;

/// <summary>Reads a file that somebody else named, and that may be anything.</summary>
public static class SmallFile
{
    /// <summary>
    /// Its text. What has no length is empty and is never opened: so are devices, which do not end, and pipes, which make whoever opens them wait.
    /// </summary>
    /// <param name="path">The file, or a link to it.</param>
    /// <param name="bytesMax">How much of it there may be.</param>
    /// <exception cref="IOException">It is not there, it has more bytes, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static string ReadText(string path, int bytesMax)
    {
        // The length of a link is that of its own text.
        var file = new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
        if (!file.Exists)
            throw new FileNotFoundException($"there is no file {path}", path);
        if (file.Length == 0)
            return "";
        // Who replaces it meanwhile is not to be kept from it.
        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (!stream.CanSeek)
            throw new IOException("it is not a regular file");
        // By what is read, not by the length: it may grow.
        var bytes = new byte[(int)Math.Min(bytesMax + 1L, Math.Max(stream.Length, file.Length) + 1)];
        var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (count > bytesMax)
            throw new IOException($"it has more than {bytesMax} bytes");
        using var text = new StreamReader(new MemoryStream(bytes, 0, count));
        return text.ReadToEnd();
    }
}
