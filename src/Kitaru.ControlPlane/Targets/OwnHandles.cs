using System.Runtime.InteropServices;

namespace Kitaru.ControlPlane.Targets;

/// <summary>
/// On Windows a child inherits every inheritable handle, our own standard output among them: a client of kitaru-mcp would wait for a worker
/// or a compiler to end. Elsewhere nothing is inherited but what is redirected.
/// </summary>
internal static partial class OwnHandles
{
    private const uint Inherit = 1;

    public static void KeepFromChildren()
    {
        if (!OperatingSystem.IsWindows())
            return;
        foreach (var number in (int[])[-10, -11, -12])
            _ = SetHandleInformation(GetStdHandle(number), Inherit, 0);
    }

    [LibraryImport("kernel32")]
    private static partial nint GetStdHandle(int number);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetHandleInformation(nint handle, uint mask, uint flags);
}
