using System.Xml.Linq;

namespace Kitaru.UnitTests.Repository;

/// <summary>Which source project may see which: everything that stands above it, and nothing else.</summary>
internal static class ProjectArrows
{
    /// <summary>The layout of the sources, top to bottom; ARCHITECTURE.md draws it.</summary>
    public static readonly string[] Order =
    [
        "Kitaru.Core", "Kitaru.ControlPlane", "Kitaru.Postgres", "Kitaru.Aws", "Kitaru", "Kitaru.Generators", "Kitaru.Generators.CodeFixes",
        "Kitaru.Extensions.AI", "Kitaru.Worker", "Kitaru.Mcp.Core", "Kitaru.Mcp", "Kitaru.Server", "Kitaru.Cli", "Kitaru.Testing",
    ];

    /// <summary>What the engine may not see: it knows the ports only, never a store.</summary>
    private static readonly string[] StoreNamespaces = ["Kitaru.ControlPlane", "Microsoft.Data.Sqlite", "SQLitePCL", "Npgsql"];

    public static IEnumerable<string> Check(IEnumerable<RepositoryFile> files)
    {
        foreach (var file in files)
        {
            if (file.Path.StartsWith("src/", StringComparison.Ordinal) && file.Extension == ".csproj")
            {
                foreach (var problem in CheckProject(file))
                    yield return problem;
            }
            else if (file.Path.StartsWith("src/Kitaru/Engine/", StringComparison.Ordinal))
            {
                foreach (var (line, number) in file.Lines)
                {
                    if (StoreNamespaces.FirstOrDefault(name => line.StartsWith($"using {name}", StringComparison.Ordinal)) is { } seen)
                        yield return $"{file.Path}:{number}: the engine sees IControlPlane only, not {seen}.";
                }
            }
        }
    }

    private static IEnumerable<string> CheckProject(RepositoryFile file)
    {
        var name = Path.GetFileNameWithoutExtension(file.Path);
        var place = Array.IndexOf(Order, name);
        if (place < 0)
        {
            yield return $"{file.Path}: {name} has no place in the layout; give it one in ProjectArrows.Order and in ARCHITECTURE.md.";
            yield break;
        }
        var document = XDocument.Parse(file.Text);
        foreach (var reference in document.Descendants("ProjectReference").Where(IsArrow))
        {
            var other = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'));
            if (Array.IndexOf(Order, other) is var otherPlace && (otherPlace < 0 || otherPlace >= place))
                yield return $"{file.Path}: {name} may not see {other}, which does not stand above it.";
        }
        if (name == "Kitaru.Core" && document.Descendants("PackageReference").FirstOrDefault() is { } package)
            yield return $"{file.Path}: Kitaru.Core takes no package, but references {package.Attribute("Include")?.Value}.";
        if (name == "Kitaru.Generators" && document.Descendants("ProjectReference").Any())
            yield return $"{file.Path}: the generator runs inside the compiler and references no other project.";
    }

    /// <summary>A project that is only built first, for its files, is no arrow: nothing of it can be named in code.</summary>
    private static bool IsArrow(XElement reference) => reference.Attribute("ReferenceOutputAssembly")?.Value != "false";
}
