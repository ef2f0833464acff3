using System.Security.Cryptography;
using System.Text;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Targets;

/// <summary>A compiled assembly as it lies there: its folder is taken whole, missing package files are filled in.</summary>
internal sealed class AssemblyCopy(string path, WorkerFiles worker, Func<string, string?> environment) : TargetBuild
{
    private const int FilesMax = 10_000;

    public override string Kind => "assembly";

    public override string TargetPath => path;

    public override string Description => $"reading {path}";

    private string Folder => Path.GetDirectoryName(path)!;

    public override string? Fingerprint(BuildRecord? last)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{path}\n{worker.Key}\n"));
        foreach (var file in FilesBeside().Select(name => new FileInfo(name)))
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.FullName}\n{file.Length} {file.LastWriteTimeUtc.Ticks}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public override Task<BuildOutput> RunAsync(BuildRecord? last, string workFolder, CancellationToken cancellationToken)
    {
        var fingerprint = Fingerprint(last);
        var folder = Path.Combine(workFolder, "out");
        Directory.CreateDirectory(folder);
        foreach (var file in FilesBeside())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var copy = Path.Combine(folder, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        DepsFile.FillIn(path, folder, worker.AssemblyNames, DepsFile.PackageFolder(environment));
        return Task.FromResult(new BuildOutput(folder, IsOwned: true, new BuildRecord { Fingerprint = fingerprint }));
    }

    private List<string> FilesBeside()
    {
        var files = new List<string>();
        var folders = new Stack<string>([Folder]);
        while (folders.TryPop(out var folder))
        {
            files.AddRange(Directory.EnumerateFiles(folder).Where(file => !Path.GetFileName(file).StartsWith('.')));
            foreach (var child in Directory.EnumerateDirectories(folder).Where(child => !IsSkipped(Path.GetFileName(child))))
                folders.Push(child);
            if (files.Count > FilesMax)
            {
                throw new KitaruUsageException(
                    $"The folder of '{Texts.Short(path)}' holds more than {FilesMax} files: it is not the output of one build.",
                    "Publish the assembly into a folder of its own (dotnet publish -o out) and give that .dll.");
            }
        }
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private static bool IsSkipped(string name) => name is "publish" or "ref" or "refint" or "obj" or "node_modules" || name.StartsWith('.');
}
