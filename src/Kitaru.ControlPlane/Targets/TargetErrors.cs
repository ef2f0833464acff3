using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Targets;

/// <summary>Every way a target can be wrong, in one form: what was given, what is expected, an example, what is near it.</summary>
internal sealed class TargetErrors(string target, string workingDirectory)
{
    private readonly string _start = Path.GetFullPath(workingDirectory);

    private const int CandidatesMax = 10;
    private const string Form = "<file.cs, project, folder, .dll or assembly name>:<flow>";
    private const string Example = "flows/Research.cs:research_agent";

    public KitaruUsageException Malformed(string seen) =>
        Error($"{Given} is not of the form {Form}: {seen}.", seen, null);

    public KitaruUsageException FileMissing(string path)
    {
        var nearest = NearestFile(path);
        return Error($"{Given}: '{Texts.Short(path)}' does not exist.{DidYouMean(nearest)}", "no such file", nearest);
    }

    public KitaruUsageException WrongExtension(string path) =>
        Error($"{Given}: '{Texts.Short(path)}' is a file, but not a .cs, .csproj or .dll file.", "a file of another kind", null);

    public KitaruUsageException FolderWithoutProject(string path)
    {
        var sources = Directory.EnumerateFiles(path, "*.cs").Select(file => Path.GetFileName(file))
            .Order(StringComparer.Ordinal).Take(CandidatesMax).ToList();
        var hint = sources.Count == 0 ? "" : $" C# files in it: {string.Join(", ", sources.Select(name => Texts.Short(name)))}.";
        return Error($"{Given}: the folder '{Texts.Short(path)}' holds no .csproj file.{hint}", "a folder without project", sources.FirstOrDefault());
    }

    public KitaruUsageException Ambiguous(string what, IReadOnlyList<string> candidates) =>
        Error($"{Given}: {what}: {List(candidates)}. Name one of them.", "several candidates", null);

    public KitaruUsageException NameNotFound(string name, IReadOnlyList<string> known)
    {
        var nearest = Texts.Nearest(name, known);
        var hint = nearest is not null || known.Count == 0 ? DidYouMean(nearest) : $" Projects there: {List(known)}.";
        return Error(
            $"{Given}: no project and no assembly named '{Texts.Short(name)}' was found in or below '{Texts.Short(_start)}'.{hint}",
            "an unknown assembly name", nearest);
    }

    public KitaruUsageException Unreadable(string path, Exception why) =>
        Error($"{Given}: '{Texts.Short(path)}' cannot be read: {why.Message}", "a file that cannot be read", null, why);

    private string Given => $"Target '{Texts.Short(target)}'";

    private KitaruUsageException Error(string message, string got, string? nearest, Exception? inner = null) => new(
        message,
        $"Give a target as {Form}, for example {Example}; a relative path starts at '{Texts.Short(_start)}'.",
        inner)
    {
        Details = new JsonObject
        {
            ["argument"] = "target",
            ["expected"] = Form,
            ["got"] = Texts.Short(target),
            ["problem"] = got,
            ["nearest"] = nearest,
        },
    };

    private static string DidYouMean(string? nearest) => nearest is null ? "" : $" Did you mean '{Texts.Short(nearest)}'?";

    private static string List(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(CandidatesMax).Select(name => Texts.Short(name)))
        + (names.Count > CandidatesMax ? $" and {names.Count - CandidatesMax} more" : "");

    /// <summary>A file of the same kind beside the missing one, or the nearest spelling of the first folder that is missing.</summary>
    private static string? NearestFile(string path)
    {
        var folder = Path.GetDirectoryName(path);
        var name = Path.GetFileName(path);
        while (folder is not null && !Directory.Exists(folder))
            (name, folder) = (Path.GetFileName(folder), Path.GetDirectoryName(folder));
        if (folder is null || name.Length == 0)
            return null;
        try
        {
            var names = Directory.EnumerateFileSystemEntries(folder).Take(2000).Select(entry => Path.GetFileName(entry));
            return Texts.Nearest(name, names) is { } nearest ? Path.Combine(folder, nearest) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
