using Kitaru.Core;

namespace Kitaru.CliTests.Keys;

/// <summary>The rows about connection and administration.</summary>
internal static class AdministrationKeys
{
    public static IReadOnlyList<KeyCase> Cases { get; } =
    [
        new("init", "path repository_directory") { IsLocal = true },
        new("status", Contract.RuntimeSnapshot),
        new("info", Contract.RuntimeSnapshot),
        new("info --all", Contract.RuntimeSnapshot),
        new("info --packages kitaru-core", Contract.RuntimeSnapshot),
        new("info --file info.yaml", "file format"),
        new("login {0} --api-key {1}", "mode url project") { NeedsServer = true, Prepare = LoginAsync },
        new("logout", Contract.Logout) { IsLocal = true },

        new("secrets set openai --API_KEY=value-1", Contract.SecretWritten),
        new("secrets list", Contract.SecretSummary) { IsList = true, Prepare = SecretAsync },
        new("secrets show openai", Contract.SecretShown) { Prepare = SecretAsync },
        new("secrets show openai --show-values", Contract.SecretShown) { Prepare = SecretAsync },
        new("secrets delete openai", Contract.SecretWritten) { Prepare = SecretAsync },

        new("stack list", Contract.StackItem) { IsList = true },
        new("stack current", Contract.StackCurrent),
        new("stack show default", Contract.StackShown),
        new("stack create local-dev", Contract.StackCreated),
        new("stack create big --type kubernetes --artifact-store s3://bucket --container-registry 1.dkr.ecr.eu-central-1.amazonaws.com --cluster one --region eu-central-1", Contract.StackCreated),
        new("stack use local-dev", Contract.StackCurrent) { Prepare = StackAsync },
        new("stack delete local-dev --force --recursive", Contract.StackDeleted) { Prepare = StackAsync },

        new("clean project --dry-run", Contract.Cleaned) { IsLocal = true, Prepare = ProjectAsync },
        new("clean project --yes", Contract.Cleaned) { IsLocal = true, Prepare = ProjectAsync },
        new("clean global --yes", Contract.Cleaned) { IsLocal = true, Prepare = SecretAsync },
        new("clean all --dry-run", Contract.Cleaned) { IsLocal = true, Prepare = SecretAsync },

        new("export archive", "executions moved left_out deployments stacks snapshots values secrets"),
        new("import archive", "stored present verified deployments stacks snapshots values stacks_to_make secrets_to_make") { Prepare = ArchiveAsync },
        new("backup copy", "executions files bytes has_secret_keys") { IsLocal = true, Prepare = SecretAsync },
        new("restore copy", "executions files bytes has_secret_keys") { IsLocal = true, Prepare = BackupAsync },
        new("server start", "mode url action") { IsLocal = true, Finish = StopServerAsync },
        new("server stop", "stopped url") { IsLocal = true },
        new("server status", "running url version process_id log") { IsLocal = true },

        new("mcp install --scope project", "scope name command args path install_command") { IsLocal = true },
        new("mcp install --scope user", "scope name command args path install_command") { IsLocal = true },
        new("completion bash", "shell script") { IsLocal = true },
        new("completion zsh", "shell script") { IsLocal = true },
        new("completion fish", "shell script") { IsLocal = true },
        new("completion pwsh", "shell script") { IsLocal = true },

        new("auth token", "token") { NeedsServer = true },
        new("auth service-accounts create ci", Contract.ServiceAccount) { NeedsServer = true },
        new("auth service-accounts list", Contract.ServiceAccount) { NeedsServer = true, IsList = true, Prepare = KeyAsync },
        new("auth service-accounts show ci", Contract.ServiceAccount) { NeedsServer = true, Prepare = KeyAsync },
        new("auth service-accounts update ci --description text", Contract.ServiceAccount) { NeedsServer = true, Prepare = KeyAsync },
        new("auth service-accounts grant ci member", Contract.ServiceAccount) { NeedsServer = true, Prepare = KeyAsync },
        new("auth service-accounts delete ci --yes", Contract.ServiceAccountDeleted) { NeedsServer = true, Prepare = KeyAsync },
        new("auth api-keys create ci second", Contract.ApiKeyIssued) { NeedsServer = true, Prepare = KeyAsync },
        new("auth api-keys create ci second --set-key", Contract.ApiKeyIssued) { NeedsServer = true, Prepare = KeyAsync },
        new("auth api-keys list ci", Contract.ApiKey) { NeedsServer = true, IsList = true, Prepare = KeyAsync },
        new("auth api-keys show ci first", Contract.ApiKey) { NeedsServer = true, Prepare = KeyAsync },
        new("auth api-keys update ci first --no-active", Contract.ApiKey) { NeedsServer = true, Prepare = KeyAsync },
        new("auth api-keys rotate ci first", Contract.ApiKeyIssued) { NeedsServer = true, Prepare = KeyAsync },
        new("auth api-keys delete ci first -y", Contract.ApiKeyDeleted) { NeedsServer = true, Prepare = KeyAsync },
    ];

    private static Task<string[]> LoginAsync(CliWorld world)
    {
        string[] words = [world.Variables["KITARU_SERVER_URL"], world.Variables["KITARU_AUTH_TOKEN"]];
        foreach (var name in (string[])["KITARU_SERVER_URL", "KITARU_AUTH_TOKEN", "KITARU_PROJECT"])
            world.Variables.Remove(name);
        return Task.FromResult(words);
    }

    private static async Task<string[]> SecretAsync(CliWorld world)
    {
        await using var client = world.Connect();
        await client.Secrets.CreateAsync("openai", new Dictionary<string, string> { ["API_KEY"] = "value-1" });
        return [];
    }

    private static async Task<string[]> ProjectAsync(CliWorld world)
    {
        (await world.RunAsync("init")).ShouldSucceed();
        return [];
    }

    private static async Task<string[]> ArchiveAsync(CliWorld world)
    {
        (await world.RunAsync("export", "archive")).ShouldSucceed();
        return [];
    }

    private static async Task<string[]> BackupAsync(CliWorld world)
    {
        await SecretAsync(world);
        (await world.RunAsync("backup", "copy")).ShouldSucceed();
        (await world.RunAsync("clean", "global", "--yes")).ShouldSucceed();
        return [];
    }

    private static async Task StopServerAsync(CliWorld world) => (await world.RunAsync("server", "stop")).ShouldSucceed();

    private static async Task<string[]> StackAsync(CliWorld world)
    {
        await using var client = world.Connect();
        await client.Stacks.CreateAsync("local-dev");
        return [];
    }

    private static async Task<string[]> KeyAsync(CliWorld world)
    {
        await using var client = world.Connect();
        await client.OpenAccess().CreateAccountAsync(new NewServiceAccount { Name = "ci" });
        await client.OpenAccess().CreateKeyAsync("ci", new NewApiKey { Name = "first" });
        return [];
    }
}
