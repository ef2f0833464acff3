using System.Runtime.InteropServices;

namespace Kitaru.ControlPlane.Snapshots;

/// <summary>Lays a file at a second place: as a hard link where nobody writes to it, else as a copy.</summary>
internal static partial class StageLinks
{
    /// <summary>Code is never written to; a data file might be, by the flow that finds it in its folder.</summary>
    public static void Lay(string source, string destination)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
        File.Delete(destination);
        if (IsLinked(source) && TryLink(source, destination))
            return;
        File.Copy(source, destination);
    }

    /// <summary>Whether a file like this is laid as a link.</summary>
    public static bool IsLinked(string file) => Path.GetExtension(file).ToLowerInvariant() is ".dll" or ".pdb" or ".so" or ".dylib";

    private static bool TryLink(string source, string destination)
    {
        try
        {
            return OperatingSystem.IsWindows() ? CreateHardLink(destination, source, 0) : Link(source, destination) == 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Link(string source, string destination);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string destination, string source, nint security);
}
