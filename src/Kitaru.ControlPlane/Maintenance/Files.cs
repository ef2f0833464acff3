using Kitaru.Core;

namespace Kitaru.ControlPlane.Maintenance;

/// <summary>Looking at and removing files that others may be looking at and removing too.</summary>
internal static class Files
{
    /// <summary>Everything below a folder, but nothing behind a link, and not what may not be read.</summary>
    public static readonly EnumerationOptions Below = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>A file's bytes; 0 when it has just gone.</summary>
    public static long SizeOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Bytes of all files below a folder; what has just gone counts nothing.</summary>
    public static long SizeOf(DirectoryInfo folder)
    {
        try
        {
            return folder.EnumerateFiles("*", Below).Sum(SizeOf);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    public static IEnumerable<DirectoryInfo> Folders(string folder) => Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateDirectories() : [];

    public static IEnumerable<FileInfo> In(string folder) => Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles() : [];

    /// <summary>Deletes a file; one that is held or gone counts nothing.</summary>
    public static Removed Remove(FileInfo file) => Remove(SizeOf(file), file.Delete);

    /// <summary>Deletes a folder with everything in it.</summary>
    public static Removed Remove(DirectoryInfo folder) => Remove(SizeOf(folder), () => folder.Delete(recursive: true));

    private static Removed Remove(long bytes, Action delete)
    {
        try
        {
            delete();
            return new Removed(1, bytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Somebody has it open, or was faster: there is a next time.
            return default;
        }
    }
}
