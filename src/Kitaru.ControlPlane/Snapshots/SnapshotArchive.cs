using System.IO.Compression;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Snapshots;

/// <summary>
/// A snapshot's files on their way, as a zip archive. Who unpacks one trusts nothing in it: not the names, not the sizes it states, and no more than a bounded number of
/// bytes is ever written.
/// </summary>
internal static class SnapshotArchive
{
    /// <summary>The largest archive.</summary>
    public const long ArchiveBytesMax = 256L * 1024 * 1024;

    /// <summary>What all files together may have.</summary>
    public const long FilesBytesMax = 1024L * 1024 * 1024;

    private const int FilesMax = 10_000;
    private const int NameCharsMax = 512;

    /// <summary>No compiler's output shrinks to less than a hundredth; small files are not looked at.</summary>
    private const int RatioMax = 200;
    private const long RatioFreeBytes = 16L * 1024 * 1024;

    private const int LinkType = 0xA000;
    private const int TypeMask = 0xF000;
    private static readonly DateTimeOffset Moment = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The files of a folder; the same files make the same archive.</summary>
    public static Stream Pack(string folder)
    {
        var file = TemporaryFile.Create();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in StageContent.Whole(folder).Files)
            {
                var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
                entry.LastWriteTime = Moment;
                entry.ExternalAttributes = 0;
                using var from = File.OpenRead(Path.Combine(folder, name));
                using var to = entry.Open();
                from.CopyTo(to);
            }
        }
        file.Position = 0;
        return file;
    }

    /// <summary>Writes the files into a folder that is not there yet; the folder may be left half full by an error.</summary>
    /// <exception cref="KitaruUsageException">It is no archive, or one that breaks a rule.</exception>
    public static async Task UnpackAsync(Stream archive, string folder, CancellationToken cancellationToken)
    {
        var rest = FilesBytesMax;
        Directory.CreateDirectory(folder);
        try
        {
            using var zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Count > FilesMax)
                throw Refused($"it has {zip.Entries.Count} entries, and {FilesMax} are the most");
            var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var entry in zip.Entries)
            {
                CheckName(entry.FullName);
                if (!names.Add(entry.FullName))
                    throw Refused($"'{Texts.Short(entry.FullName, 80)}' is in it twice, or in two spellings");
                if (((entry.ExternalAttributes >> 16) & TypeMask) == LinkType)
                    throw Refused($"'{Texts.Short(entry.FullName, 80)}' is a link");
                var path = Path.Combine(folder, entry.FullName.Replace('/', Path.DirectorySeparatorChar));
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                rest -= await WriteAsync(entry, path, rest, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException or NotSupportedException or ArgumentException)
        {
            throw Refused("it is damaged, or no zip archive");
        }
        catch (IOException fault) when (fault is not FileNotFoundException)
        {
            throw new KitaruBackendException($"A snapshot's files could not be unpacked in {folder}: {fault.Message}", "Check that the disk has space.", fault);
        }
    }

    /// <summary>What comes out is counted; what the archive says of itself is not believed.</summary>
    private static async Task<long> WriteAsync(ZipArchiveEntry entry, string path, long rest, CancellationToken cancellationToken)
    {
        var limit = Math.Min(rest, Math.Max(RatioFreeBytes, entry.CompressedLength > FilesBytesMax ? rest : entry.CompressedLength * RatioMax));
        var buffer = new byte[80 * 1024];
        var written = 0L;
        using var from = entry.Open();
        using var to = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        while (await from.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
        {
            written += read;
            if (written > limit)
                throw Refused(written > rest ? $"its files have more than {FilesBytesMax / (1024 * 1024)} MiB" : $"'{Texts.Short(entry.FullName, 80)}' unpacks to more than {RatioMax} times its size");
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }
        return written;
    }

    /// <summary>A relative path in the spelling that is hashed; nothing that a file system might read otherwise.</summary>
    private static void CheckName(string name)
    {
        var isGood = name.Length is > 0 and <= NameCharsMax
            && !name.Any(c => char.IsControl(c) || c is '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|')
            && name.Split('/').All(part => part.Length > 0 && part is not ("." or "..") && !part.EndsWith('.') && !part.EndsWith(' '));
        if (!isGood)
            throw Refused($"'{Texts.Short(name, 80)}' is not a file's relative path");
    }

    private static KitaruUsageException Refused(string why) =>
        new($"The archive was not taken: {why}. Nothing was stored.", "Send exactly the files of the snapshot; a Kitaru client does that by itself when it builds a target.");
}
