using System.Xml;
using System.Xml.Linq;

namespace Kitaru.ControlPlane.Targets;

/// <summary>The little that can be said of a project without evaluating it.</summary>
internal static class ProjectFile
{
    private const int BytesMax = 4 * 1024 * 1024;
    private const int ParentsMax = 24;

    public static string AssemblyNameOf(string project)
    {
        var written = Values(Load(project), "AssemblyName").LastOrDefault(value => !value.Contains("$(", StringComparison.Ordinal));
        return written ?? Path.GetFileNameWithoutExtension(project);
    }

    /// <summary>The framework to build where several are listed; null when there is one.</summary>
    public static string? ChooseFramework(string project)
    {
        var listed = Values(Load(project), "TargetFrameworks").LastOrDefault();
        for (var folder = Path.GetDirectoryName(project); listed is null && folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var props = Path.Combine(folder, "Directory.Build.props");
            if (!File.Exists(props))
                continue;
            if (Values(Load(project), "TargetFramework").Any())
                return null;
            listed = Values(Load(props), "TargetFrameworks").LastOrDefault();
            break;
        }
        return listed?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(name => (Name: name, Version: CoreVersion(name)))
            .Where(framework => framework.Version is not null && framework.Version.Major <= Environment.Version.Major)
            .OrderByDescending(framework => framework.Version)
            .Select(framework => framework.Name)
            .FirstOrDefault();
    }

    /// <summary>The project that compiles this source file by the SDK's default rule, or null.</summary>
    public static string? OwnerOf(string source)
    {
        var folder = Path.GetDirectoryName(source);
        for (var i = 0; i < ParentsMax && folder is not null; i++, folder = Path.GetDirectoryName(folder))
        {
            string[] projects;
            try
            {
                projects = Directory.GetFiles(folder, "*.csproj");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
            if (projects.Length > 0)
                return projects.Length == 1 && Compiles(projects[0], Path.GetRelativePath(folder, source)) ? projects[0] : null;
            if (Directory.Exists(Path.Combine(folder, ".git")))
                return null;
        }
        return null;
    }

    private static bool Compiles(string project, string relative)
    {
        var parts = relative.Split(Path.DirectorySeparatorChar);
        if (parts[..^1].Any(part => part is "bin" or "obj" || part.StartsWith('.')))
            return false;
        var document = Load(project);
        if (Values(document, "EnableDefaultCompileItems").Concat(Values(document, "EnableDefaultItems"))
            .Any(value => value.Equals("false", StringComparison.OrdinalIgnoreCase)))
            return Attributes(document, "Compile", "Include").Any(pattern => PathPattern.Matches(pattern, relative));
        return !Attributes(document, "Compile", "Remove").Any(pattern => PathPattern.Matches(pattern, relative));
    }

    private static IEnumerable<string> Values(XDocument? document, string element) =>
        document?.Descendants().Where(e => e.Name.LocalName == element).Select(e => e.Value.Trim()).Where(value => value.Length > 0) ?? [];

    private static IEnumerable<string> Attributes(XDocument? document, string element, string attribute) =>
        document?.Descendants().Where(e => e.Name.LocalName == element)
            .Select(e => (string?)e.Attribute(attribute) ?? "")
            .SelectMany(list => list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) ?? [];

    private static Version? CoreVersion(string framework) =>
        framework.StartsWith("net", StringComparison.OrdinalIgnoreCase)
        && Version.TryParse(framework[3..].Split('-')[0], out var version) && version.Major >= 5 ? version : null;

    private static XDocument? Load(string file)
    {
        try
        {
            if (new FileInfo(file).Length > BytesMax)
                return null;
            using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XDocument.Load(reader);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or XmlException)
        {
            return null;
        }
    }
}
