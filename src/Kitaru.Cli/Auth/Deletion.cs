using System.CommandLine;
using Kitaru.Cli.Commands;
using Kitaru.Core;

namespace Kitaru.Cli.Auth;

/// <summary>The question before something is deleted for good.</summary>
internal static class Deletion
{
    /// <exception cref="KitaruStateException">It was refused, or nobody can be asked.</exception>
    public static async Task ConfirmAsync(CommandCall call, Option<bool> yes, string what, CancellationToken cancellationToken)
    {
        if (call.Get(yes))
            return;
        if (call.IsJson || !call.CanAsk)
            throw new KitaruUsageException($"Deleting {what} needs a yes, and nobody can be asked for one here.", "Call again with --yes.");
        if (!await Ask.YesAsync(call, $"Delete {what}? Whoever uses it is refused from then on.", cancellationToken))
            throw new KitaruStateException($"Nothing was deleted: {what} is kept.");
    }
}
