using System.Globalization;

namespace Kitaru.Soak;

/// <summary>A disk that can be made full and free again while processes write to it.</summary>
internal interface IDisk : IDisposable
{
    string Description { get; }

    /// <summary>Where the store goes.</summary>
    string Folder { get; }

    void Fill(IEnumerable<int> processes);

    void Free(IEnumerable<int> processes);
}

/// <summary>A small disk in memory, filled by a file: the real "no space left on device". Needs the right to mount.</summary>
internal sealed class MemoryDisk : IDisk
{
    private const int Megabytes = 128;

    public MemoryDisk()
    {
        Folder = Directory.CreateTempSubdirectory("kitaru-disk-").FullName;
        if (!World.Do("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={Megabytes}m"), "tmpfs", Folder))
            throw new InvalidOperationException("A disk in memory cannot be mounted here; leave --tmpfs out.");
    }

    public string Description => $"a disk of {Megabytes} MB in memory, filled up";

    public string Folder { get; }

    private string Filler => Path.Combine(Folder, "filler");

    public void Fill(IEnumerable<int> processes)
    {
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var chunk = new byte[64 * 1024];
        foreach (var size in (int[])[chunk.Length, 4096])
        {
            try
            {
                while (true)
                    file.Write(chunk, 0, size);
            }
            catch (IOException)
            {
                // Full, to this size.
            }
        }
    }

    public void Free(IEnumerable<int> processes) => File.Delete(Filler);

    public void Dispose()
    {
        World.Do("umount", Folder);
        Directory.Delete(Folder);
    }
}

/// <summary>
/// A limit on the size of files: every write behind its first page fails in those processes. Needs no rights. A .NET process ends on
/// SIGXFSZ, so the processes must have been told to ignore it.
/// </summary>
internal sealed class LimitedFiles : IDisk
{
    public string Description => "files limited to 4096 bytes";

    public string Folder { get; } = Directory.CreateTempSubdirectory("kitaru-disk-").FullName;

    public void Fill(IEnumerable<int> processes) => Limit(processes, "4096:");

    public void Free(IEnumerable<int> processes) => Limit(processes, "unlimited:");

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static void Limit(IEnumerable<int> processes, string bytes)
    {
        foreach (var process in processes)
            World.Do("prlimit", "--pid", process.ToString(CultureInfo.InvariantCulture), "--fsize=" + bytes);
    }
}
