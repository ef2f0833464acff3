using System.CommandLine;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Cli.Projects;
using Kitaru.Core;

namespace Kitaru.Cli.Cleaning;

/// <summary>kitaru clean project, global and all.</summary>
internal static class CleanCommand
{
    public static LeafCommand Create(CleanScope scope)
    {
        var word = scope.ToString().ToLowerInvariant();
        var yes = CommonOptions.Yes();
        var dryRun = CommonOptions.Flag("--dry-run", "Show what would be deleted, and delete nothing.");
        var force = CommonOptions.Flag("--force", "Also when executions have not ended, or the database or the settings cannot be read.");
        var description = scope switch
        {
            CleanScope.Project => "Deletes the project's folder .kitaru. What has run is kept.",
            CleanScope.Global => "Deletes the config directory: database, values, code, logins, settings. The database is copied first.",
            _ => "Deletes both, the project's folder and the config directory.",
        };
        var command = new LeafCommand($"clean.{word}", description, $"kitaru clean {word} --dry-run", (call, cancellationToken) => RunAsync(call, scope, (yes, dryRun, force), cancellationToken))
        {
            yes,
            dryRun,
        };
        if (scope != CleanScope.Project)
            command.Add(force);
        return command;
    }

    private static async Task<Answer> RunAsync(CommandCall call, CleanScope scope, (Option<bool> Yes, Option<bool> DryRun, Option<bool> Force) options, CancellationToken cancellationToken)
    {
        var cleaning = call.Client.Cleaning;
        var plan = await cleaning.PreviewAsync(scope, cancellationToken);
        if (call.Get(options.DryRun))
            return Answer.Item(plan.ToJson(), CleanView.Plan(plan)) with { Hints = [$"kitaru clean {scope.ToString().ToLowerInvariant()} deletes it."] };
        var force = scope != CleanScope.Project && call.Get(options.Force);
        if (plan.NeedsForce.Count > 0 && !force)
            throw new KitaruUsageException($"Nothing was deleted: {string.Join(" ", plan.NeedsForce)}", "Call again with --force to delete all the same.");
        var asks = !call.Get(options.Yes);
        if (asks)
        {
            if (call.IsJson || !call.CanAsk)
                throw new KitaruUsageException("Cleaning needs a yes, and nobody can be asked for one here.", "Look with --dry-run, then call again with --yes.");
            await call.WriteTextAsync(CleanView.Plan(plan));
            if (!await Ask.YesAsync(call, "Delete all of this?", cancellationToken))
                return Answer.Item((plan with { DryRun = false, Aborted = true }).ToJson(), new PlainText("Nothing was deleted."));
        }
        var root = plan.Preview.FirstOrDefault(entry => Path.GetFileName(entry.Path) == InitCommand.MarkerFolder) is { } project ? Path.GetDirectoryName(project.Path) : null;
        var done = await Working.RunAsync(call, "cleaning", progress => cleaning.RunAsync(scope, force, progress, cancellationToken));
        if (asks && root is not null && await Ask.YesAsync(call, "Make the project anew?", cancellationToken))
        {
            InitCommand.Initialize(root);
            done = done with { ReinitializedProject = true };
        }
        return Answer.Item(done.ToJson(), CleanView.Done(done)) with { Warnings = done.Warnings };
    }
}
