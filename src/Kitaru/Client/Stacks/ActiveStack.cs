using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.Client.Stacks;

/// <summary>The stack that executions run on for which nobody names one.</summary>
/// <param name="Stack">The stack; the built-in one when none was chosen, or the chosen one is gone.</param>
/// <param name="SavedId">What was saved, or null.</param>
/// <param name="File">Where, or null.</param>
internal sealed record ActiveStack(StackRecord Stack, string? SavedId, string? File)
{
    private const string Key = "active_stack_id";

    /// <summary>It was chosen, and is not there any more.</summary>
    public bool IsStale { get; private init; }

    /// <summary>What is wrong, one line each.</summary>
    public string Warning =>
        $"The active stack is not there any more.\nSaved in: {File}\nSaved id: {Texts.Short(SavedId ?? "", 80)}\nLoaded stack: {Stack.Name}\n"
        + "A flow for which nobody names a stack is not started until another stack is made active.";

    /// <summary>The store is opened only when something was saved that has to be looked up in it.</summary>
    public static async Task<ActiveStack> FindAsync(
        Func<CancellationToken, ValueTask<IControlPlane>> openAsync, ConfigDirectory config, string folder, CancellationToken cancellationToken)
    {
        foreach (var file in Files(config, folder))
        {
            if (file.Read(Key) is not { } saved)
                continue;
            var controlPlane = await openAsync(cancellationToken).ConfigureAwait(false);
            var stack = await controlPlane.Stacks.FindAsync(saved, cancellationToken).ConfigureAwait(false);
            return new ActiveStack(stack ?? StackRecord.BuiltIn, saved, file.Path) { IsStale = stack is null };
        }
        return new ActiveStack(StackRecord.BuiltIn, null, null);
    }

    /// <summary>Saves a stack's id: in the project's settings when the folder is in a project, else in the user's.</summary>
    public static Task SaveAsync(StackRecord stack, ConfigDirectory config, string folder, TimeProvider time, CancellationToken cancellationToken) =>
        Files(config, folder)[0].WriteAsync(Key, stack.Id.ToString(), time, cancellationToken);

    /// <summary>Puts the built-in stack in the place of the active one that is to be deleted: where it was saved, and nowhere else.</summary>
    public static async Task ReplaceAsync(StackRecord active, ConfigDirectory config, string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var files = Files(config, folder).Where(file => file.Read(Key) is { } saved && IsOf(saved, active)).ToList();
        // The others say nothing any more: what they would be asked for is the built-in one too.
        for (var i = files.Count - 1; i >= 0; i--)
            await files[i].WriteAsync(Key, i == 0 ? StackRecord.BuiltIn.Id.ToString() : null, time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The folder above, or the folder itself, that holds <c>.kitaru</c>.</summary>
    public static string? ProjectRoot(string folder)
    {
        for (var at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
        {
            if (Directory.Exists(Path.Combine(at, ".kitaru")))
                return at;
        }
        return null;
    }

    private static bool IsOf(string saved, StackRecord stack) => Guid.TryParse(saved, out var id) ? id == stack.Id.Value : saved == stack.Name;

    private static List<ConfigFile> Files(ConfigDirectory config, string folder)
    {
        var user = new ConfigFile(Path.Combine(config.Root, "config.yaml"), config);
        return ProjectRoot(folder) is { } root ? [new ConfigFile(Path.Combine(root, ".kitaru", "config.yaml"), config), user] : [user];
    }
}
