using Kitaru.Cli.Output;
using Kitaru.Core;

namespace Kitaru.Cli.Auth.ServiceAccounts;

/// <summary>What people see of a service account.</summary>
internal static class AccountView
{
    public static Snapshot Of(ServiceAccount account) => new(
        "Kitaru service account", ("Name", account.Name), ("ID", account.Id.ToString()), ("Full name", account.FullName), ("Description", account.Description is "" ? null : account.Description),
        ("Active", Active(account.IsActive)), ("Server admin", account.IsAdmin ? "yes" : "no"), ("Created", Cell.Time(account.CreatedAt)), ("Updated", Cell.Time(account.UpdatedAt)))
    {
        Sections = [new Snapshot.Section("Roles by project", [.. account.Roles.Select(role => (Snapshot.Row)(role.Key.ToString(), AccessJson.Word(role.Value)))])],
    };

    public static Cell Active(bool isActive) => isActive ? new Cell("yes", Tone.Good) : new Cell("no", Tone.Bad);
}
