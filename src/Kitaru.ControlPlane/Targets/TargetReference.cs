using Kitaru.Core;

namespace Kitaru.ControlPlane.Targets;

/// <summary>What the left side of a target names.</summary>
public enum TargetKind
{
    /// <summary>A C# file.</summary>
    SourceFile,

    /// <summary>A C# project.</summary>
    Project,

    /// <summary>A compiled assembly.</summary>
    Assembly,
}

/// <summary>
/// A target as a caller writes it, <c>&lt;file, folder or assembly name&gt;:&lt;flow&gt;</c>, with the file it names. Nothing is built or
/// loaded to read it.
/// </summary>
public sealed record TargetReference
{
    private TargetReference(string text, TargetKind kind, string path, string flow) =>
        (Text, Kind, FullPath, Flow) = (text, kind, path, flow);

    /// <summary>The target as given.</summary>
    public string Text { get; }

    /// <summary>What <see cref="FullPath"/> is.</summary>
    public TargetKind Kind { get; }

    /// <summary>The absolute path of the source file, project or assembly.</summary>
    public string FullPath { get; }

    /// <summary>The flow's name, its method's name, or <c>Class.Method</c>.</summary>
    public string Flow { get; }

    /// <summary>Reads a target; relative paths and assembly names start at <paramref name="workingDirectory"/>.</summary>
    /// <exception cref="KitaruUsageException">It is not of this form, or the file it names is not there.</exception>
    public static TargetReference Parse(string target, string workingDirectory)
    {
        var (left, flow) = Split(target, workingDirectory);
        var errors = new TargetErrors(target, workingDirectory);
        var path = Resolve(left, workingDirectory);
        return Path.GetExtension(left).ToLowerInvariant() switch
        {
            ".cs" => OfFile(TargetKind.SourceFile),
            ".csproj" => OfFile(TargetKind.Project),
            ".dll" => OfFile(TargetKind.Assembly),
            _ => OfFolderOrName(),
        };

        TargetReference OfFile(TargetKind kind) => File.Exists(path)
            ? new(target, kind, path, flow)
            : throw errors.FileMissing(path);

        TargetReference OfFolderOrName()
        {
            if (File.Exists(path))
                throw errors.WrongExtension(path);
            var isName = IsName(left);
            if (Directory.Exists(path))
            {
                var projects = Directory.GetFiles(path, "*.csproj");
                if (projects.Length == 1)
                    return new(target, TargetKind.Project, projects[0], flow);
                if (projects.Length > 1)
                    throw errors.Ambiguous($"the folder '{Texts.Short(path)}' holds several projects", projects);
                if (!isName)
                    throw errors.FolderWithoutProject(path);
            }
            else if (!isName)
            {
                throw errors.FileMissing(path);
            }
            var notFound = Directory.Exists(path) ? errors.FolderWithoutProject(path) : null;
            var (kind, found) = TargetSearch.Find(left, workingDirectory, errors, notFound);
            return new(target, kind, found, flow);
        }
    }

    private static (string Left, string Flow) Split(string target, string workingDirectory)
    {
        var errors = new TargetErrors(target, workingDirectory);
        if (target.Any(char.IsControl))
            throw errors.Malformed("it holds control characters");
        var colon = target.LastIndexOf(':');
        if (colon < 0)
            throw errors.Malformed("it has no colon");
        var left = target[..colon].Trim();
        var flow = target[(colon + 1)..].Trim();
        if (left.Length == 0)
            throw errors.Malformed("nothing stands before the colon");
        if (flow.Length == 0)
            throw errors.Malformed("nothing stands after the last colon");
        if (flow.AsSpan().ContainsAny('/', '\\'))
            throw errors.Malformed($"after the last colon stands a path, '{Texts.Short(flow, 60)}', not a flow");
        return (left, flow);
    }

    private static bool IsName(string left) => !left.AsSpan().ContainsAny('/', '\\') && left is not ("." or ".." or "~");

    private static string Resolve(string left, string workingDirectory)
    {
        if (left == "~" || left.StartsWith("~/", StringComparison.Ordinal) || left.StartsWith("~\\", StringComparison.Ordinal))
            left = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + left[1..];
        return Path.GetFullPath(left, Path.GetFullPath(workingDirectory));
    }
}
