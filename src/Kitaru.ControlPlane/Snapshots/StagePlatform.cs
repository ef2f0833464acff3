using System.Runtime.InteropServices;

namespace Kitaru.ControlPlane.Snapshots;

/// <summary>
/// Which files below <c>runtimes/</c> this platform takes. Without a deps.json the host looks into one folder only, so they are laid there.
/// </summary>
internal static class StagePlatform
{
    private const string Prefix = "runtimes/";

    /// <summary>File name to relative path; the most specific platform wins.</summary>
    public static Dictionary<string, string> Choose(IEnumerable<string> files)
    {
        var chosen = new Dictionary<string, (string Path, int Rank, Version Framework)>(StringComparer.OrdinalIgnoreCase);
        var chain = Chain();
        foreach (var file in files.Where(IsSpecific))
        {
            var parts = file.Split('/');
            var rank = Array.IndexOf(chain, parts[1]);
            if (rank < 0)
                continue;
            var framework = new Version(0, 0);
            if (parts is [_, _, "native", ..] || (parts is [_, _, "lib", var name, _] && TryFramework(name, out framework)))
            {
                if (!chosen.TryGetValue(parts[^1], out var best) || rank < best.Rank || (rank == best.Rank && framework > best.Framework))
                    chosen[parts[^1]] = (file, rank, framework);
            }
        }
        return chosen.ToDictionary(item => item.Key, item => item.Value.Path, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether a file is for one platform.</summary>
    public static bool IsSpecific(string file) => file.StartsWith(Prefix, StringComparison.Ordinal);

    private static bool TryFramework(string name, out Version version)
    {
        version = new Version(0, 0);
        if (name.StartsWith("netstandard", StringComparison.Ordinal))
            return true;
        if (name.StartsWith("netcoreapp", StringComparison.Ordinal))
            return Version.TryParse(name[10..], out version!);
        return name.StartsWith("net", StringComparison.Ordinal)
            && Version.TryParse(name[3..].Split('-')[0], out version!) && version.Major >= 5 && version.Major <= Environment.Version.Major;
    }

    /// <summary>From the most specific to the most general.</summary>
    private static string[] Chain()
    {
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        if (OperatingSystem.IsWindows())
            return [$"win-{architecture}", "win", "any"];
        if (OperatingSystem.IsMacOS())
            return [$"osx-{architecture}", "osx", $"unix-{architecture}", "unix", "any"];
        string[] linux = [$"linux-{architecture}", "linux", $"unix-{architecture}", "unix", "any"];
        return RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal)
            ? [$"linux-musl-{architecture}", "linux-musl", .. linux]
            : linux;
    }
}
