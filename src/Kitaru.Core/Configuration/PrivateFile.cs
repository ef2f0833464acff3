namespace Kitaru.Core.Configuration;

/// <summary>A small file with something secret in it, which only its owner can read.</summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Its text; null when it is not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytesMax">How much of it there may be.</param>
    /// <exception cref="IOException">It is something else, it has more bytes, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it, or others may too.</exception>
    public static string? ReadText(string path, int bytesMax)
    {
        if (Directory.Exists(path))
            throw new IOException("it is a folder");
        if (!File.Exists(path))
            return null;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
            throw new UnauthorizedAccessException($"others than its owner may read it; run: chmod 600 '{path}'");
        return SmallFile.ReadText(path, bytesMax);
    }

    /// <summary>Puts a file of this text in the place of the old one, as a whole and flushed. Who writes too is kept out by a lock of the caller's.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write it.</exception>
    public static void Replace(string path, string text)
    {
        ConfigDirectory.Ensure(Path.GetDirectoryName(path)!);
        var temporary = path + ".tmp";
        // What a dead process left may belong to others or be readable by them.
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var file = new FileStream(temporary, options))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }
}
