using Kitaru.Cli.Output;

namespace Kitaru.Cli.Cleaning;

/// <summary>What people see of cleaning.</summary>
internal static class CleanView
{
    public static Snapshot Plan(CleanReport plan) => new(
        "Kitaru clean preview", ("Scope", plan.Scope.ToString().ToLowerInvariant()), ("Local server", plan.LocalServerStatus), ("Size", ByteSize.Of(plan.TotalBytes)))
    {
        Sections =
        [
            new Snapshot.Section("To be deleted", [.. plan.Preview.Where(entry => entry.Type != "backup").SelectMany(Rows)]),
            new Snapshot.Section("Backup first", [.. plan.Preview.Where(entry => entry.Type == "backup").SelectMany(Rows)]),
            new Snapshot.Section("Environment", [.. plan.EnvironmentOverrides.Select(variable => (Snapshot.Row)(variable.Key, variable.Value))]),
        ],
        Warnings = [.. plan.Warnings, .. plan.NeedsForce],
    };

    public static Success Done(CleanReport done) => new(
        done.DeletedPaths.Count == 0 ? "There was nothing to delete." : $"Deleted {ByteSize.Of(done.TotalBytes)}.",
        [
            .. done.DeletedPaths.Select(path => $"Deleted: {path}"),
            .. done.BackupPath is { } backup ? [$"Backup: {backup}"] : (string[])[],
            .. done.LocalServerStopped ? ["Local server: stopped"] : (string[])[],
            .. done.ReinitializedProject ? ["Project: made anew"] : (string[])[],
        ]);

    private static IEnumerable<Snapshot.Row> Rows(CleanEntry entry)
    {
        yield return (entry.Path, string.Join(", ", new[] { entry.SizeBytes is { } size ? ByteSize.Of(size) : null, entry.Note }.OfType<string>()));
        foreach (var child in entry.Children.SelectMany(Rows))
            yield return ($"  {child.Label}", child.Value);
    }
}
