using System.Reflection;
using System.Runtime.InteropServices;
using Kitaru.Client.Connection;
using Kitaru.Client.Stacks;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Kitaru.Core.Http;

namespace Kitaru.Client.Status;

/// <summary>Takes a <see cref="RuntimeSnapshot"/>. It never throws: what is wrong becomes a warning in it.</summary>
public static class RuntimeSnapshots
{
    internal const string ProjectVariable = "KITARU_PROJECT";

    /// <summary>What is said of places that are not the caller's.</summary>
    internal const string OnTheServer = "on the server";

    private const string StackVariable = "KITARU_STACK";

    // In the order in which they are shown.
    private static readonly string[] Variables =
    [
        "KITARU_SERVER_URL", "KITARU_AUTH_TOKEN", ProjectVariable, "KITARU_RUNNER", StackVariable, "KITARU_CACHE", "KITARU_RETRIES",
        "KITARU_IMAGE", "KITARU_LOG_STORE_BACKEND", "KITARU_LOG_STORE_ENDPOINT", "KITARU_LOG_STORE_API_KEY", "KITARU_DEFAULT_MODEL",
        ConfigDirectory.Variable, RetentionRules.Variable, "KITARU_DEBUG", "KITARU_ANALYTICS_OPT_IN",
    ];

    /// <summary>Version of the Kitaru library.</summary>
    public static string LibraryVersion { get; } =
        typeof(KitaruException).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>The snapshot of an embedded installation.</summary>
    /// <param name="config">The config directory.</param>
    /// <param name="environment">The environment's variables.</param>
    /// <param name="workingDirectory">Where to look for a project from.</param>
    /// <param name="storeFault">Why the store could not be opened, or null.</param>
    public static RuntimeSnapshot Take(
        ConfigDirectory config, Func<string, string?> environment, string workingDirectory, KitaruException? storeFault = null) => Take(
            config, environment, workingDirectory, new ConnectionReport(new ConnectionSettings { Kind = ConnectionKind.Embedded }, null, null, null), storeFault, null, null);

    /// <summary>The snapshot of a client's installation. A server is asked, once and for 2 seconds at most.</summary>
    /// <param name="client">The client.</param>
    /// <param name="storeFault">Why the store could not be opened, or null.</param>
    /// <param name="question">What it is to hold beyond the usual.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<RuntimeSnapshot> TakeAsync(
        KitaruClient client, KitaruException? storeFault = null, RuntimeQuestion? question = null, CancellationToken cancellationToken = default)
    {
        var report = await ConnectionReport.MakeAsync(client, cancellationToken).ConfigureAwait(false);
        ActiveStack? active = null;
        KitaruException? stackFault = null;
        using var late = new CancellationTokenSource(ServerProbe.Limit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            if (storeFault is null && report.Works)
                active = await client.Stacks.ActiveAsync(either.Token).ConfigureAwait(false);
        }
        catch (KitaruException fault)
        {
            stackFault = fault;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            stackFault = new KitaruBackendException("The active stack could not be asked for in time.");
        }
        var snapshot = Take(client.Directory, client.EnvironmentOf, client.WorkingDirectory, report, storeFault, active, stackFault);
        if (client.IsForOthers)
            snapshot = WithoutMachine(snapshot);
        return question is null ? snapshot : snapshot with { Details = DetailsOf(client, report, active, question) };
    }

    /// <summary>Where things lie on the machine is for whoever works on it.</summary>
    private static RuntimeSnapshot WithoutMachine(RuntimeSnapshot snapshot) => snapshot with
    {
        ConfigDirectory = OnTheServer,
        LocalServerStatus = null,
        RepositoryRoot = null,
        RepositoryConfigPath = null,
        GlobalConfigPath = null,
        LocalStoresPath = null,
        DatabaseBytes = null,
    };

    /// <summary>The address of the embedded store.</summary>
    internal static string StoreAddress(ConfigDirectory config) => "sqlite:///" + config.Database.Replace('\\', '/').TrimStart('/');

    /// <summary>The variables that are set, secrets masked.</summary>
    internal static IReadOnlyList<KeyValuePair<string, string>> VariablesOf(Func<string, string?> environment) => [.. Variables
        .Where(name => Value(environment, name) is not null)
        .Select(name => KeyValuePair.Create(name, ShownVariable.Of(name, Value(environment, name)!)))];

    private static RuntimeDetails DetailsOf(KitaruClient client, ConnectionReport report, ActiveStack? active, RuntimeQuestion question) => new()
    {
        StackProvenance = question.All && !client.IsForOthers ? Provenance.OfStack(client, active) : null,
        ProjectProvenance = question.All && !client.IsForOthers ? Provenance.OfProject(client, report.Settings, report.User?.ProjectId, ProjectOf(report)) : null,
        EnvironmentType = question.All ? EnvironmentType(client.EnvironmentOf) : null,
        Packages = question.All || question.AllPackages ? InstalledPackages.All() : question.Packages.Count > 0 ? InstalledPackages.Of(question.Packages) : null,
    };

    private static string EnvironmentType(Func<string, string?> environment) =>
        Value(environment, "KUBERNETES_SERVICE_HOST") is not null ? "kubernetes"
        : Value(environment, "GITHUB_ACTIONS") is not null ? "github_actions"
        : Value(environment, "GITLAB_CI") is not null ? "gitlab_ci"
        : Value(environment, "CIRCLECI") is not null ? "circleci"
        : File.Exists("/.dockerenv") ? "docker"
        : "native";

    private static string? ProjectOf(ConnectionReport report) =>
        report.User?.ProjectName ?? report.Settings?.Project ?? (report.Settings?.Kind == ConnectionKind.Embedded ? Project.DefaultName : null);

    private static RuntimeSnapshot Take(
        ConfigDirectory config, Func<string, string?> environment, string workingDirectory, ConnectionReport report, KitaruException? storeFault, ActiveStack? active,
        KitaruException? stackFault)
    {
        var repository = ActiveStack.ProjectRoot(workingDirectory);
        var isEmbedded = report.Settings?.Kind == ConnectionKind.Embedded;
        var fault = report.Fault ?? storeFault ?? stackFault;
        return new RuntimeSnapshot
        {
            SdkVersion = LibraryVersion,
            Connection = report.Words(storeFault is not null),
            ConnectionTarget = report.Settings is null || (isEmbedded && storeFault is not null) ? "unavailable" : report.Settings.ServerUrl ?? StoreAddress(config),
            ConfigDirectory = config.Root,
            ServerUrl = report.Settings?.ServerUrl,
            ServerVersion = isEmbedded ? LibraryVersion : report.Info?.Version,
            ServerDatabase = isEmbedded ? "sqlite" : report.Info?.Database,
            ServerDeploymentType = isEmbedded ? "local" : report.Info?.DeploymentType,
            LocalServerStatus = report.LocalServer(config),
            ConnectionSources = report.Sources(),
            ActiveProject = ProjectOf(report),
            ActiveUser = isEmbedded ? Environment.UserName : report.User?.Name,
            ProjectOverride = report.Settings?.Project is { } project && report.Settings.ProjectSource == ConnectionSettings.FromOptions ? project : Value(environment, ProjectVariable),
            ActiveStack = fault is null ? active?.Stack.Name ?? StackRecord.DefaultName : null,
            RepositoryRoot = repository,
            Warnings = [.. Warnings(environment, fault, withType: !isEmbedded && report.Settings is not null), .. active is { IsStale: true } ? active.Warning.Split('\n') : []],
            Environment = VariablesOf(environment),
            GlobalConfigPath = IfFile(Path.Combine(config.Root, "kitaru.yaml")),
            LocalStoresPath = Path.GetDirectoryName(config.Database) is { } stores && Directory.Exists(stores) ? stores : null,
            RepositoryConfigPath = repository is null ? null : IfFile(Path.Combine(repository, ".kitaru", "config.yaml")),
            OperatingSystem = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos" : "linux",
            Architecture = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
            DotnetVersion = Environment.Version.ToString(),
            Retention = RulesOrNull(environment, out _),
            DatabaseBytes = report.Settings?.Kind == ConnectionKind.RemoteServer ? null : BytesOrNull(config.Database, config.Database + "-wal"),
        };
    }

    private static IEnumerable<string> Warnings(Func<string, string?> environment, KitaruException? storeFault, bool withType)
    {
        if (storeFault is not null)
            yield return (withType ? $"{storeFault.Code}: " : "") + (storeFault.NextStep is { } next ? $"{storeFault.Message} {next}" : storeFault.Message);
        _ = RulesOrNull(environment, out var rulesFault);
        if (rulesFault is not null && storeFault?.Message != rulesFault.Message)
            yield return $"{rulesFault.Message} {rulesFault.NextStep}";
        if (Value(environment, "KITARU_RUNNER") is not null)
            yield return $"KITARU_RUNNER is set: it is called {StackVariable} now, and nothing can be started before it is unset.";
    }

    private static string? RulesOrNull(Func<string, string?> environment, out KitaruUsageException? fault)
    {
        fault = null;
        try
        {
            return RetentionRules.FromEnvironment(environment) is { Ages.Count: > 0 } rules ? rules.ToString() : null;
        }
        catch (KitaruUsageException wrong)
        {
            fault = wrong;
            return null;
        }
    }

    private static long? BytesOrNull(string database, string log)
    {
        try
        {
            return File.Exists(database) ? new FileInfo(database).Length + (File.Exists(log) ? new FileInfo(log).Length : 0) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Blank counts as unset.</summary>
    private static string? Value(Func<string, string?> environment, string name) =>
        environment(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    private static string? IfFile(string path) => File.Exists(path) ? path : null;
}
