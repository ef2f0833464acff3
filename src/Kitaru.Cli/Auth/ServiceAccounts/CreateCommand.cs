using System.CommandLine;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core;

namespace Kitaru.Cli.Auth.ServiceAccounts;

/// <summary>kitaru auth service-accounts create.</summary>
internal static class CreateCommand
{
    public static LeafCommand Create()
    {
        var name = CommonOptions.Argument("NAME", "Its name, unique on the server.");
        var fullName = CommonOptions.Text("--full-name", "TEXT", "A name for people.");
        var description = new Option<string>("--description") { Description = "What it is for.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var admin = CommonOptions.Flag("--admin", "It may do everything on the server.");
        return new LeafCommand(
            "auth.service-accounts.create", "Makes a service account: a pipeline, an assistant, a group of workers.", "kitaru auth service-accounts create ci", async (call, cancellationToken) =>
            {
                var account = await call.Client.OpenAccess().CreateAccountAsync(
                    new NewServiceAccount { Name = call.Get(name), FullName = call.Get(fullName), Description = call.Get(description), IsAdmin = call.Get(admin) }, cancellationToken);
                return Answer.Item(AccessJson.Of(account), AccountView.Of(account)) with
                {
                    Hints = account.IsAdmin
                        ? [$"kitaru auth api-keys create {account.Name} NAME makes a key for it."]
                        : [$"kitaru auth service-accounts grant {account.Name} member lets it work in a project.", $"kitaru auth api-keys create {account.Name} NAME makes a key for it."],
                };
            })
        {
            name,
            fullName,
            description,
            admin,
        };
    }
}
