using System.Reflection;
using System.Runtime.InteropServices;
using Kitaru.Client.Stacks;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.Client.Status;

/// <summary>Takes a <see cref="RuntimeSnapshot"/>. It never throws: what is wrong becomes a warning in it.</summary>
public static class RuntimeSnapshots
{
    internal const string ProjectVariable = "KITARU_PROJECT";
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
        ConfigDirectory config, Func<string, string?> environment, string workingDirectory, KitaruException? storeFault = null) =>
        Take(config, environment, workingDirectory, storeFault, null, null);

    /// <summary>The snapshot of a client's installation.</summary>
    public static async Task<RuntimeSnapshot> TakeAsync(KitaruClient client, KitaruException? storeFault = null, CancellationToken cancellationToken = default)
    {
        ActiveStack? active = null;
        KitaruException? stackFault = null;
        try
        {
            if (storeFault is null)
                active = await client.Stacks.ActiveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (KitaruException fault)
        {
            stackFault = fault;
        }
        return Take(client.Directory, client.EnvironmentOf, client.WorkingDirectory, storeFault, active, stackFault);
    }

    private static RuntimeSnapshot Take(
        ConfigDirectory config, Func<string, string?> environment, string workingDirectory, KitaruException? storeFault, ActiveStack? active, KitaruException? stackFault)
    {
        var repository = ActiveStack.ProjectRoot(workingDirectory);
        return new RuntimeSnapshot
        {
            SdkVersion = LibraryVersion,
            Connection = storeFault is null ? "local database" : "local mode (unavailable)",
            ConnectionTarget = storeFault is null ? "sqlite:///" + config.Database.Replace('\\', '/').TrimStart('/') : "unavailable",
            ConfigDirectory = config.Root,
            ActiveUser = Environment.UserName,
            ProjectOverride = Value(environment, ProjectVariable),
            ActiveStack = storeFault is null && stackFault is null ? active?.Stack.Name ?? StackRecord.DefaultName : null,
            RepositoryRoot = repository,
            Warnings = [.. Warnings(environment, storeFault ?? stackFault), .. active is { IsStale: true } ? active.Warning.Split('\n') : []],
            Environment = [.. Variables
                .Where(name => Value(environment, name) is not null)
                .Select(name => KeyValuePair.Create(name, ShownVariable.Of(name, Value(environment, name)!)))],
            GlobalConfigPath = IfFile(Path.Combine(config.Root, "kitaru.yaml")),
            LocalStoresPath = Path.GetDirectoryName(config.Database) is { } stores && Directory.Exists(stores) ? stores : null,
            RepositoryConfigPath = repository is null ? null : IfFile(Path.Combine(repository, ".kitaru", "config.yaml")),
            OperatingSystem = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos" : "linux",
            Architecture = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
            DotnetVersion = Environment.Version.ToString(),
            Retention = RulesOrNull(environment, out _),
            DatabaseBytes = BytesOrNull(config.Database, config.Database + "-wal"),
        };
    }

    private static IEnumerable<string> Warnings(Func<string, string?> environment, KitaruException? storeFault)
    {
        if (storeFault is not null)
            yield return storeFault.NextStep is { } next ? $"{storeFault.Message} {next}" : storeFault.Message;
        _ = RulesOrNull(environment, out var rulesFault);
        if (rulesFault is not null && storeFault?.Message != rulesFault.Message)
            yield return $"{rulesFault.Message} {rulesFault.NextStep}";
        if (Value(environment, "KITARU_SERVER_URL") is not null)
            yield return "KITARU_SERVER_URL is set and not used: this version works on the local database.";
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
