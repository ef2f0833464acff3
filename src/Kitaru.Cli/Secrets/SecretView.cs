using Kitaru.Cli.Output;
using Kitaru.Core;

namespace Kitaru.Cli.Secrets;

/// <summary>What people see of a secret.</summary>
internal static class SecretView
{
    public static IReadOnlyList<Snapshot.Row> Rows(SecretSummary secret) =>
    [
        ("Name", secret.Name), ("ID", secret.Id.ToString()), ("Visibility", secret.IsPrivate ? "private" : "public"), ("Keys", string.Join(", ", secret.Keys)),
    ];
}
