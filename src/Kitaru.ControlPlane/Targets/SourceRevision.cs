using System.Text;
using System.Text.RegularExpressions;

namespace Kitaru.ControlPlane.Targets;

/// <summary>The state of the git repository that holds a source.</summary>
/// <param name="Commit">The commit that is checked out; null without a repository or a commit.</param>
/// <param name="IsDirty">Whether anything in it is not committed; null when that cannot be told.</param>
public sealed partial record SourceRevision(string? Commit, bool? IsDirty)
{
    /// <summary>What git config answers when no setting matches.</summary>
    private const int NothingFound = 1;

    private static readonly TimeSpan StatusTime = TimeSpan.FromSeconds(10);

    /// <summary>Of a file or folder. No hook, no monitor and no prompt of the repository is run; whatever fails is null.</summary>
    public static async Task<SourceRevision> ReadAsync(string path, TimeProvider time, CancellationToken cancellationToken = default)
    {
        if (GitFolder.Containing(path) is not { } repository)
            return new SourceRevision(null, null);
        var commit = repository.Commit();
        return new SourceRevision(commit, await IsDirtyAsync(repository.Root, time, cancellationToken).ConfigureAwait(false));
    }

    private static async Task<bool?> IsDirtyAsync(string root, TimeProvider time, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(StatusTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            // A filter of the repository's own settings is a command that looking at a changed file would run.
            var filters = await new ToolProcess(time).RunAsync("git", ["config", "--local", "--name-only", "--get-regexp", "^filter\\."], root, either.Token).ConfigureAwait(false);
            if (filters.ExitCode != NothingFound)
                return null;
            var status = await new ToolProcess(time).RunAsync(
                "git",
                [
                    "--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=", "-c", "core.untrackedCache=false",
                    "status", "--porcelain", "--untracked-files=normal", "--ignore-submodules=all",
                ],
                root, either.Token).ConfigureAwait(false);
            // Warnings stand in the same output.
            return status.ExitCode == 0 ? status.Output.Split('\n').Any(line => ChangeLine().IsMatch(line)) : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (KitaruRuntimeException)
        {
            // There is no git here.
            return null;
        }
    }

    [GeneratedRegex("^[ MTADRCU?]{2} ")]
    private static partial Regex ChangeLine();
}

/// <summary>Where a repository keeps its references, a linked worktree's included.</summary>
internal sealed partial class GitFolder
{
    private const int FileBytesMax = 16 * 1024 * 1024;

    private readonly string _folder;

    private GitFolder(string root, string folder) => (Root, _folder) = (root, folder);

    /// <summary>The folder that is under version control.</summary>
    public string Root { get; }

    public static GitFolder? Containing(string path)
    {
        for (var folder = Directory.Exists(path) ? path : Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var git = Path.Combine(folder, ".git");
            if (Directory.Exists(git))
                return new GitFolder(folder, git);
            if (Read(git) is { } text && text.StartsWith("gitdir:", StringComparison.Ordinal))
                return new GitFolder(folder, Path.GetFullPath(Path.Combine(folder, text["gitdir:".Length..].Trim())));
        }
        return null;
    }

    /// <summary>Read from its files: no process, and nothing the repository could have run.</summary>
    public string? Commit()
    {
        const string prefix = "ref:";
        if (Read(Path.Combine(_folder, "HEAD"))?.Trim() is not { } head)
            return null;
        if (!head.StartsWith(prefix, StringComparison.Ordinal))
            return AsCommit(head);
        var name = head[prefix.Length..].Trim();
        if (!name.StartsWith("refs/", StringComparison.Ordinal) || name.Contains("..", StringComparison.Ordinal))
            return null;
        var common = Read(Path.Combine(_folder, "commondir"))?.Trim() is { Length: > 0 } relative ? Path.GetFullPath(Path.Combine(_folder, relative)) : _folder;
        return AsCommit(Read(Path.Combine(_folder, name))?.Trim()) ?? AsCommit(Read(Path.Combine(common, name))?.Trim()) ?? Packed(common, name);
    }

    private static string? Packed(string common, string name) =>
        Read(Path.Combine(common, "packed-refs"))?.Split('\n')
            .Where(line => line.TrimEnd().EndsWith(" " + name, StringComparison.Ordinal))
            .Select(line => AsCommit(line.Split(' ')[0]))
            .FirstOrDefault();

    private static string? AsCommit(string? text) => text is not null && CommitText().IsMatch(text) ? text : null;

    private static string? Read(string file)
    {
        try
        {
            var info = new FileInfo(file);
            return info.Exists && info.Length <= FileBytesMax ? File.ReadAllText(file, Encoding.UTF8) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex("^([0-9a-f]{40}|[0-9a-f]{64})$")]
    private static partial Regex CommitText();
}
