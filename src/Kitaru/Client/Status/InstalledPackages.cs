using System.Reflection;
using System.Text.Json.Nodes;

namespace Kitaru.Client.Status;

/// <summary>The assemblies this process was installed with, as packages: names in lower case with dashes.</summary>
internal static class InstalledPackages
{
    private const string Missing = "not installed";

    /// <summary>All of them, by name.</summary>
    public static JsonObject All() => new(Versions().OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    /// <summary>Those that were asked for, in the order of the question.</summary>
    public static JsonObject Of(IEnumerable<string> names)
    {
        var versions = Versions();
        var found = new JsonObject();
        foreach (var name in names.Select(Spelling))
            found[name] = versions.GetValueOrDefault(name, Missing);
        return found;
    }

    private static Dictionary<string, string> Versions()
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Files())
        {
            try
            {
                var info = System.Diagnostics.FileVersionInfo.GetVersionInfo(file);
                found[Spelling(Path.GetFileNameWithoutExtension(file))] = (info.ProductVersion ?? AssemblyName.GetAssemblyName(file).Version?.ToString() ?? "unknown").Split('+')[0];
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or BadImageFormatException)
            {
                // Not a library of ours.
            }
        }
        return found;
    }

    private static IEnumerable<string> Files()
    {
        try
        {
            return Directory.GetFiles(AppContext.BaseDirectory, "*.dll");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Spelling(string name) => name.Trim().ToLowerInvariant().Replace('_', '-').Replace('.', '-');
}
