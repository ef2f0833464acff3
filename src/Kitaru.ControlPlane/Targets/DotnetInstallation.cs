using System.Runtime.InteropServices;

namespace Kitaru.ControlPlane.Targets;

/// <summary>The .NET installation that runs this program, or the one on the path: found by looking, without starting anything.</summary>
internal sealed class DotnetInstallation
{
    private static readonly string HostName = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";

    private DotnetInstallation(string root) => Root = root;

    public string Root { get; }

    /// <summary>The program <c>dotnet</c>.</summary>
    public string Host => Path.Combine(Root, HostName);

    /// <summary>The newest SDK's folder, or null where only a runtime is installed.</summary>
    public string? SdkFolder => Newest(Path.Combine(Root, "sdk"), folder => File.Exists(Path.Combine(folder, "Roslyn", "bincore", "csc.dll")));

    /// <summary>The C# compiler of <see cref="SdkFolder"/>.</summary>
    public static string Compiler(string sdkFolder) => Path.Combine(sdkFolder, "Roslyn", "bincore", "csc.dll");

    /// <summary>Finds one with an SDK if there is one.</summary>
    public static DotnetInstallation Find(Func<string, string?> environment)
    {
        DotnetInstallation? first = null;
        foreach (var root in Candidates(environment))
        {
            if (!File.Exists(Path.Combine(root, HostName)))
                continue;
            var found = new DotnetInstallation(root);
            first ??= found;
            if (found.SdkFolder is not null)
                return found;
        }
        return first ?? throw new KitaruFeatureNotAvailableException(
            "The program 'dotnet' was not found: neither beside the running .NET, nor in DOTNET_ROOT, nor on the PATH.",
            "Install the .NET 10 SDK, or set DOTNET_ROOT to its folder.");
    }

    /// <summary>The SDK's folder, or the error that says that building needs one.</summary>
    public string RequireSdk() => SdkFolder ?? throw new KitaruFeatureNotAvailableException(
        $"Building a flow needs the .NET SDK, version 10 or later; '{Root}' holds only a runtime.",
        "Install the .NET 10 SDK, or give a compiled .dll as the target.");

    /// <summary>The framework's assemblies to compile against: the SDK's reference pack, else the shared framework itself.</summary>
    public string FrameworkReferences()
    {
        var pack = Newest(Path.Combine(Root, "packs", "Microsoft.NETCore.App.Ref"), folder => Directory.Exists(RefFolder(folder)));
        return pack is not null ? RefFolder(pack) : RuntimeEnvironment.GetRuntimeDirectory();
    }

    /// <summary>The generators that come with a framework, for example those of JSON and regular expressions.</summary>
    public IReadOnlyList<string> FrameworkGenerators(string framework) =>
        Newest(Path.Combine(Root, "packs", framework + ".Ref"), folder => Directory.Exists(RefFolder(folder))) is { } pack
        && Path.Combine(pack, "analyzers", "dotnet", "cs") is var analyzers && Directory.Exists(analyzers)
            ? [.. Directory.GetFiles(analyzers, "*.dll").Order(StringComparer.Ordinal)]
            : [];

    private static string RefFolder(string pack) => Path.Combine(pack, "ref", $"net{Environment.Version.Major}.0");

    private static IEnumerable<string> Candidates(Func<string, string?> environment)
    {
        if (environment("DOTNET_ROOT") is { Length: > 0 } root)
            yield return Path.GetFullPath(root);
        // .../shared/Microsoft.NETCore.App/10.0.x/ of the runtime that runs this program.
        yield return Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        foreach (var folder in (environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var host = new FileInfo(Path.Combine(folder, HostName));
            if (!host.Exists)
                continue;
            var target = host.LinkTarget is null ? host : host.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? host;
            yield return target.DirectoryName!;
        }
    }

    private static string? Newest(string folder, Func<string, bool> fits)
    {
        if (!Directory.Exists(folder))
            return null;
        return Directory.GetDirectories(folder)
            .Select(path => (Path: path, Version: ReleaseVersion.TryParse(Path.GetFileName(path))))
            .Where(found => found.Version is { } version && version.Major >= Environment.Version.Major && fits(found.Path))
            .OrderByDescending(found => found.Version)
            .Select(found => found.Path)
            .FirstOrDefault();
    }
}
