using System.CommandLine;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core;

namespace Kitaru.Cli.Auth.ServiceAccounts;

/// <summary>kitaru auth service-accounts grant.</summary>
internal static class GrantCommand
{
    private const string None = "none";

    public static LeafCommand Create()
    {
        var name = CommonOptions.Argument("NAME_OR_ID", "The service account.");
        var role = CommonOptions.Argument("ROLE", "viewer reads, member works and runs workers, admin does everything in the project; none takes it back.");
        role.CompletionSources.Add("viewer", "member", "admin", None);
        var project = new Option<string>("--in") { Description = "The project, by name or id.", HelpName = "PROJECT", DefaultValueFactory = _ => Project.DefaultName };
        return new LeafCommand("auth.service-accounts.grant", "Says what a service account may do in a project.", "kitaru auth service-accounts grant ci member", async (call, cancellationToken) =>
        {
            var account = await call.Client.OpenAccess().SetRoleAsync(call.Get(name), call.Get(project)!, RoleOf(call.Get(role)), cancellationToken);
            return Answer.Item(AccessJson.Of(account), AccountView.Of(account));
        })
        {
            name,
            role,
            project,
        };
    }

    private static Role? RoleOf(string word)
    {
        if (word.Equals(None, StringComparison.OrdinalIgnoreCase))
            return null;
        List<string> words = [.. Enum.GetValues<Role>().Select(AccessJson.Word), None];
        var found = Enum.GetValues<Role>().Where(role => AccessJson.Word(role).Equals(word, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count == 1
            ? found[0]
            : throw new KitaruUsageException($"ROLE: expected {string.Join(", ", words)}, got '{Texts.Short(word, 80)}'.{Texts.DidYouMean(word, words)}", "Give one of these.");
    }
}
