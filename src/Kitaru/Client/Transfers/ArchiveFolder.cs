using System.Security.Cryptography;
using System.Text.Json;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Kitaru.Core.Http;

namespace Kitaru.Client.Transfers;

/// <summary>
/// The folder of an export: <c>archive.json</c> says what is in it; <c>executions/</c> holds files of one execution a line, <c>values/</c> and <c>snapshots/</c> what lies beside them.
/// Only this user can read it: it holds whatever flows were given and returned.
/// </summary>
internal sealed class ArchiveFolder
{
    private const int Format = 1;
    private const string IndexName = "archive.json";
    private const long LineCharsMax = 512L * 1024 * 1024;

    private readonly string _root;

    private ArchiveFolder(string root, ArchiveIndex index) => (_root, Index) = (root, index);

    /// <summary>What is in it so far.</summary>
    public ArchiveIndex Index { get; private set; }

    public static ArchiveFolder ForWriting(string folder)
    {
        var root = Path.GetFullPath(folder);
        if (File.Exists(Path.Combine(root, IndexName)))
            return new ArchiveFolder(root, Read(root));
        if (File.Exists(root) || (Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any()))
            throw new KitaruUsageException($"'{root}' is not empty and is no export that was begun.", "Name a new folder.");
        ConfigDirectory.Ensure(root);
        foreach (var part in (string[])["executions", "values", "snapshots"])
            ConfigDirectory.Ensure(Path.Combine(root, part));
        return new ArchiveFolder(root, new ArchiveIndex { Format = Format });
    }

    public static ArchiveFolder ForReading(string folder)
    {
        var root = Path.GetFullPath(folder);
        if (!File.Exists(Path.Combine(root, IndexName)))
            throw new KitaruUsageException($"'{root}' is no export: it has no {IndexName}.", "Name the folder an export was written to.");
        var read = new ArchiveFolder(root, Read(root));
        return read.Index.IsComplete ? read : throw new KitaruUsageException($"The export in '{root}' is not complete.", "Start the export into this folder again: it goes on where it was.");
    }

    /// <summary>Replaces the index as a whole; what it says is on the disk.</summary>
    public void Write(ArchiveIndex index)
    {
        Index = index;
        WriteFile(IndexName, JsonSerializer.SerializeToUtf8Bytes(index, WireJson.Strict));
    }

    public ArchiveFile WriteExecutions(int number, IReadOnlyList<ArchivedExecution> executions)
    {
        var bytes = new MemoryStream();
        foreach (var execution in executions)
        {
            bytes.Write(JsonSerializer.SerializeToUtf8Bytes(execution, WireJson.Strict));
            bytes.WriteByte((byte)'\n');
        }
        var name = FormattableString.Invariant($"executions/{number:000000}.jsonl");
        var content = bytes.ToArray();
        WriteFile(name, content);
        return new ArchiveFile(name, Convert.ToHexStringLower(SHA256.HashData(content)), executions.Count);
    }

    /// <exception cref="KitaruUsageException">It was changed.</exception>
    public IReadOnlyList<ArchivedExecution> ReadExecutions(ArchiveFile file)
    {
        if (!IsName(file.Name, "executions/"))
            throw Damaged(file.Name);
        var path = Path.Combine(_root, file.Name);
        if (!File.Exists(path) || new FileInfo(path).Length > LineCharsMax)
            throw Damaged(file.Name);
        var content = File.ReadAllBytes(path);
        if (Convert.ToHexStringLower(SHA256.HashData(content)) != file.Sha256)
            throw Damaged(file.Name);
        try
        {
            var read = new List<ArchivedExecution>();
            foreach (var line in content.AsMemory()[..^1].ToArray().AsSpan().Split((byte)'\n'))
                read.Add(JsonSerializer.Deserialize<ArchivedExecution>(content.AsSpan()[line], WireJson.Strict)!);
            return read.Count == file.Executions ? read : throw Damaged(file.Name);
        }
        catch (JsonException)
        {
            throw Damaged(file.Name);
        }
    }

    public bool HasValue(string hash) => File.Exists(PathOf("values", hash));

    public void WriteValue(string hash, byte[] bytes) => WriteFile(Path.Combine("values", hash), bytes);

    /// <exception cref="KitaruUsageException">It is not there, or was changed.</exception>
    public byte[] ReadValue(string hash)
    {
        var path = PathOf("values", hash);
        if (!File.Exists(path))
            throw Damaged($"values/{hash}");
        var bytes = File.ReadAllBytes(path);
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == hash ? bytes : throw Damaged($"values/{hash}");
    }

    public bool HasSnapshot(SnapshotId id) => File.Exists(PathOf("snapshots", id.Value + ".zip"));

    public async Task WriteSnapshotAsync(SnapshotId id, Stream content, CancellationToken cancellationToken)
    {
        var path = PathOf("snapshots", id.Value + ".zip");
        var file = File.Create(path + ".new");
        await using (file.ConfigureAwait(false))
        {
            await content.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".new", path, overwrite: true);
    }

    public Stream OpenSnapshot(SnapshotId id)
    {
        var path = PathOf("snapshots", id.Value + ".zip");
        return File.Exists(path) ? File.OpenRead(path) : throw Damaged($"snapshots/{id.Value}.zip");
    }

    private static ArchiveIndex Read(string root)
    {
        try
        {
            var index = JsonSerializer.Deserialize<ArchiveIndex>(File.ReadAllBytes(Path.Combine(root, IndexName)), WireJson.Strict);
            return index is { Format: Format } ? index
                : throw new KitaruUsageException($"The export in '{root}' has format {index?.Format}; this program reads format {Format}.", "Use a program of the release that wrote it.");
        }
        catch (JsonException fault)
        {
            throw new KitaruUsageException($"'{Path.Combine(root, IndexName)}' cannot be read: {Texts.Short(fault.Message)}", "Export again into a new folder.", fault);
        }
    }

    private void WriteFile(string name, byte[] content)
    {
        var path = Path.Combine(_root, name);
        using (var file = File.Create(path + ".new"))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Names come from a file that anybody may have written.</summary>
    private string PathOf(string part, string name) => IsName(name, "") ? Path.Combine(_root, part, name) : throw Damaged($"{part}/{Texts.Short(name, 80)}");

    private static bool IsName(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) && name.Length > prefix.Length
        && name[prefix.Length..].All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_') && !name.Contains("..", StringComparison.Ordinal);

    private KitaruUsageException Damaged(string name) => new($"'{name}' of the export in '{_root}' is missing or was changed.", "Export again into a new folder.");
}

/// <summary>What is in an export.</summary>
internal sealed record ArchiveIndex
{
    public required int Format { get; init; }

    public bool IsComplete { get; init; }

    /// <summary>Where to go on.</summary>
    public ExecutionId? After { get; init; }

    public bool AllRead { get; init; }

    public IReadOnlyList<ArchiveFile> Files { get; init; } = [];

    /// <summary>Open executions that ended where they were; others that are in the files do not count.</summary>
    public IReadOnlyList<ExecutionId> Moved { get; init; } = [];

    public int LeftOut { get; init; }

    public IReadOnlyDictionary<string, System.Text.Json.Nodes.JsonObject> Environments { get; init; } = new Dictionary<string, System.Text.Json.Nodes.JsonObject>();

    public IReadOnlyList<ArchivedDeployment> Deployments { get; init; } = [];

    public IReadOnlyList<StackRecord> Stacks { get; init; } = [];

    public IReadOnlyList<SnapshotRecord> Snapshots { get; init; } = [];

    /// <summary>Snapshots whose files are there.</summary>
    public IReadOnlyList<SnapshotId> WithFiles { get; init; } = [];

    public IReadOnlyList<string> Values { get; init; } = [];

    public IReadOnlyList<string> Secrets { get; init; } = [];
}

/// <summary>A file of executions.</summary>
internal sealed record ArchiveFile(string Name, string Sha256, int Executions);
