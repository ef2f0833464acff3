using System.Diagnostics;
using System.Reflection;
using Kitaru.ControlPlane.Targets;

namespace Kitaru.ControlPlane.Snapshots;

/// <summary>
/// The folder a worker is started in: the user's files under the worker's own. It depends on the worker's version, so an old snapshot runs on
/// the present engine.
/// </summary>
internal static class StageRunFolder
{
    /// <summary>Fills the empty <paramref name="destination"/>.</summary>
    public static void Fill(string destination, StageContent user, string closure)
    {
        foreach (var file in user.Files.Where(file => !StagePlatform.IsSpecific(file) && !IsRuntimeConfig(file)))
            StageLinks.Lay(Path.Combine(user.Folder, file), Path.Combine(destination, file));
        foreach (var (name, file) in StagePlatform.Choose(user.Files))
            StageLinks.Lay(Path.Combine(user.Folder, file), Path.Combine(destination, name));
        foreach (var file in Directory.GetFiles(closure).Where(file => !IsRuntimeConfig(file)))
        {
            var place = Path.Combine(destination, Path.GetFileName(file));
            if (!File.Exists(place) || Wins(file, place))
                StageLinks.Lay(file, place);
        }
        var workerConfig = Path.Combine(closure, Path.ChangeExtension(WorkerFiles.EntryAssembly, null) + StageRuntimeConfig.Suffix);
        var flowConfigs = user.Files.Where(file => IsRuntimeConfig(file) && !file.Contains('/')).Select(file => Path.Combine(user.Folder, file));
        File.WriteAllText(Path.Combine(destination, Path.GetFileName(workerConfig)), StageRuntimeConfig.Merge(workerConfig, flowConfigs));
    }

    /// <summary>Copies the worker's files flat, for this platform.</summary>
    public static void FillClosure(string destination, WorkerFiles worker)
    {
        foreach (var file in worker.Assemblies.Concat(Directory.GetFiles(worker.Folder, "*" + StageRuntimeConfig.Suffix)))
            File.Copy(file, Path.Combine(destination, Path.GetFileName(file)));
        var runtimes = Path.Combine(worker.Folder, "runtimes");
        if (!Directory.Exists(runtimes))
            return;
        var specific = Directory.EnumerateFiles(runtimes, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(worker.Folder, file).Replace('\\', '/'));
        foreach (var (name, file) in StagePlatform.Choose(specific))
            File.Copy(Path.Combine(worker.Folder, file), Path.Combine(destination, name), overwrite: true);
    }

    private static bool IsRuntimeConfig(string file) => file.EndsWith(StageRuntimeConfig.Suffix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Kitaru is always the worker's; of anything else the higher version serves both.</summary>
    private static bool Wins(string workers, string users)
    {
        if (Path.GetFileName(workers).StartsWith("Kitaru", StringComparison.Ordinal))
            return true;
        try
        {
            var byAssembly = AssemblyName.GetAssemblyName(workers).Version!.CompareTo(AssemblyName.GetAssemblyName(users).Version);
            return byAssembly > 0 || (byAssembly == 0 && FileVersion(workers).CompareTo(FileVersion(users)) >= 0);
        }
        catch (BadImageFormatException)
        {
            return true;
        }
    }

    private static Version FileVersion(string file)
    {
        var info = FileVersionInfo.GetVersionInfo(file);
        return new Version(info.FileMajorPart, info.FileMinorPart, info.FileBuildPart, info.FilePrivatePart);
    }
}
