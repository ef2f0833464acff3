namespace Kitaru.ControlPlane.Snapshots;

/// <summary>A file that is gone when it is closed, and that only its owner can read meanwhile.</summary>
public static class TemporaryFile
{
    /// <summary>An empty one, to write and then read.</summary>
    public static FileStream Create()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(Path.Combine(Path.GetTempPath(), "kitaru-" + Path.GetRandomFileName()), options);
    }
}
