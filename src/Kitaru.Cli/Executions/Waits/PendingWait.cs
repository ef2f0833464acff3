using Kitaru.Core;

namespace Kitaru.Cli.Executions.Waits;

/// <summary>Which question an answer is for: the one that was named, else the only one.</summary>
internal static class PendingWait
{
    /// <exception cref="KitaruUsageException">There is none, there are several, or there is none of that name.</exception>
    public static string Choose(ExecutionId execution, IReadOnlyList<WaitRecord> pending, string? named)
    {
        // An answer that is given once more is accepted: whoever names the question gets what the library says of it.
        if (named?.Trim() is { Length: > 0 } name && (pending.Count == 0 || pending.Any(wait => wait.Name == name || wait.Id.ToString() == name)))
            return name;
        if (named is null && pending is [var only])
            return only.Id.ToString();
        var names = pending.Select(wait => wait.Name).ToList();
        throw (named, pending.Count) switch
        {
            (not null, _) => new KitaruUsageException(
                $"Execution {execution} has no pending question '{Texts.Short(named, 80)}'.{Texts.DidYouMean(named, names)} Pending: {string.Join(", ", names)}.", "Call again with --wait and one of these."),
            (_, 0) => new KitaruUsageException($"Execution {execution} waits for no input.", $"See where it stands with kitaru executions explain {execution}."),
            _ => new KitaruUsageException(
                $"Execution {execution} asks {pending.Count} questions: {string.Join(", ", names)}. It does not say which one is meant.", "Name one with --wait, or answer them one by one with --interactive."),
        };
    }
}
