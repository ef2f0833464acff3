using System.Text.Json.Nodes;
using Kitaru.Cli.Output;
using Kitaru.Client.Status;

namespace Kitaru.Cli.Connection;

/// <summary>What people see of a runtime snapshot.</summary>
internal static class RuntimeView
{
    public static Snapshot Status(RuntimeSnapshot snapshot) => new(
        "Kitaru status",
        ("SDK version", snapshot.SdkVersion), ("Connection", snapshot.Connection), ("Server URL", snapshot.ServerUrl), ("Active user", snapshot.ActiveUser ?? "not available"),
        ("Active project", snapshot.ActiveProject), ("Active stack", snapshot.ActiveStack ?? "not available"), ("Config directory", snapshot.ConfigDirectory),
        ("Local server", snapshot.LocalServerStatus))
    {
        Sections = [EnvironmentOf(snapshot)],
        Warnings = snapshot.Warnings,
    };

    public static Snapshot Info(RuntimeSnapshot snapshot) => new(
        "Kitaru info",
        ("SDK version", snapshot.SdkVersion), ("Connection", snapshot.Connection), ("Connection target", snapshot.ConnectionTarget), ("Server URL", snapshot.ServerUrl),
        ("Server version", snapshot.ServerVersion), ("Server database", snapshot.ServerDatabase), ("Server deployment", snapshot.ServerDeploymentType),
        ("Active user", snapshot.ActiveUser ?? "not available"), ("Active project", snapshot.ActiveProject), ("Active stack", snapshot.ActiveStack ?? "not available"),
        ("Repository root", snapshot.RepositoryRoot), ("Project override", snapshot.ProjectOverride), ("Config directory", snapshot.ConfigDirectory), ("Local server", snapshot.LocalServerStatus),
        ("Retention", snapshot.Retention))
    {
        Sections =
        [
            new Snapshot.Section(
                "Config provenance", ("Global config", snapshot.GlobalConfigPath), ("Repository config", snapshot.RepositoryConfigPath), ("Local stores", snapshot.LocalStoresPath)),
            Map("Connection source", snapshot.ConnectionSources),
            EnvironmentOf(snapshot),
            new Snapshot.Section(
                "System", (".NET version", snapshot.DotnetVersion), ("OS", snapshot.OperatingSystem), ("Architecture", snapshot.Architecture), ("Environment", snapshot.Details?.EnvironmentType)),
            Map("Active stack provenance", snapshot.Details?.StackProvenance),
            Map("Active project provenance", snapshot.Details?.ProjectProvenance),
            Map("Packages", snapshot.Details?.Packages),
        ],
        Warnings = snapshot.Warnings,
    };

    public static IReadOnlyList<string> Hints(RuntimeSnapshot snapshot) =>
        snapshot.RepositoryRoot is null && snapshot.Warnings.Count == 0 ? ["kitaru init makes the working directory a project; kitaru executions list shows what has run."] : [];

    private static Snapshot.Section EnvironmentOf(RuntimeSnapshot snapshot) => new("Environment", [.. snapshot.Environment.Select(variable => (Snapshot.Row)(variable.Key, variable.Value))]);

    private static Snapshot.Section Map(string heading, JsonObject? map) =>
        new(heading, [.. (map ?? []).Select(pair => (Snapshot.Row)(pair.Key, pair.Value switch { null => (string?)null, JsonArray items => string.Join("; ", items), var value => value.ToString() }))]);
}
