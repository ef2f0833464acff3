using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Kitaru.UnitTests.Repository;

/// <summary>Every version is pinned in one place, every restore is repeatable, every public package says what it is.</summary>
internal static partial class PackageRules
{
    private const string VersionsFile = "Directory.Packages.props";

    public static IEnumerable<string> CheckVersions(IReadOnlyCollection<RepositoryFile> files)
    {
        var pinned = new HashSet<string>();
        foreach (var version in Elements(files.Where(file => file.Path == VersionsFile), "PackageVersion"))
        {
            pinned.Add(Value(version.Element, "Include"));
            if (!Exact().IsMatch(Value(version.Element, "Version")))
                yield return $"{VersionsFile}: {Value(version.Element, "Include")} is not pinned to one version but to '{Value(version.Element, "Version")}'.";
        }
        foreach (var (file, reference) in Elements(files.Where(IsProject), "PackageReference"))
        {
            var name = Value(reference, "Include");
            if (reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null || reference.Element("Version") is not null)
                yield return $"{file.Path}: {name} carries a version of its own; versions stand in {VersionsFile}.";
            if (name.Length > 0 && !pinned.Contains(name))
                yield return $"{file.Path}: {name} has no version in {VersionsFile}.";
        }
    }

    public static IEnumerable<string> CheckLockFiles(IReadOnlyCollection<RepositoryFile> files, IReadOnlySet<string> tracked) =>
        files.Where(file => file.Extension == ".csproj")
            .Select(file => $"{file.Folder}/packages.lock.json")
            .Where(path => !tracked.Contains(path))
            .Select(path => $"{path} is not committed: restore and add it.");

    public static IEnumerable<string> CheckDescriptions(IReadOnlyCollection<RepositoryFile> files) =>
        from file in files
        where file.Extension == ".csproj"
        let document = XDocument.Parse(file.Text)
        where document.Descendants("IsPackable").Any(element => element.Value == "true")
            && string.IsNullOrWhiteSpace(document.Descendants("Description").FirstOrDefault()?.Value)
        select $"{file.Path}: a public package needs a Description.";

    private static bool IsProject(RepositoryFile file) => file.Extension is ".csproj" or ".props" or ".targets" && file.Path != VersionsFile;

    private static IEnumerable<(RepositoryFile File, XElement Element)> Elements(IEnumerable<RepositoryFile> files, string name) =>
        files.SelectMany(file => XDocument.Parse(file.Text).Descendants().Where(element => element.Name.LocalName == name).Select(element => (file, element)));

    private static string Value(XElement element, string attribute) => element.Attribute(attribute)?.Value ?? "";

    [GeneratedRegex(@"^\d+\.\d+\.\d+(\.\d+)?(-[0-9A-Za-z.-]+)?$")]
    private static partial Regex Exact();
}
