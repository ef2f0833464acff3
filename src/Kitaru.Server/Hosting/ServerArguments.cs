using System.Globalization;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Kitaru.Server.Mcp;

namespace Kitaru.Server.Hosting;

/// <summary>Reads the command line and the environment.</summary>
internal static class ServerArguments
{
    private const int TokenBytesMax = 64 * 1024;
    private const string Usage = "Usage: kitaru-server [--urls http://0.0.0.0:8080] [--database <PostgreSQL connection string>] [--config <directory>]";
    private static readonly string[] Known = ["--urls", "--database", "--config", "--local", "--port", "--instance"];

    /// <exception cref="KitaruUsageException">Something is unknown, or the secret is missing.</exception>
    public static ServerOptions Parse(string[] args, Func<string, string?> environment)
    {
        var given = Read(args);
        var directory = given.TryGetValue("--config", out var config) ? new ConfigDirectory(config) : ConfigDirectory.Resolve(environment);
        return given.ContainsKey("--local") ? Local(given, directory, environment) : Shared(given, directory, environment);
    }

    /// <summary>Where the local server's token and log lie.</summary>
    public static string LocalFile(ConfigDirectory directory, string name) => Path.Combine(directory.Root, "local_server", name);

    private static Dictionary<string, string> Read(string[] args)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            if (!Known.Contains(name))
                throw new KitaruUsageException($"There is no option '{Texts.Short(name, 80)}'.{Texts.DidYouMean(name, Known)}", Usage);
            if (name != "--local")
                value ??= ++i < args.Length ? args[i] : throw new KitaruUsageException($"The option {name} needs a value.", Usage);
            given[name] = value ?? "";
        }
        return given;
    }

    private static ServerOptions Shared(Dictionary<string, string> given, ConfigDirectory directory, Func<string, string?> environment)
    {
        if ((given.ContainsKey("--port") ? "--port" : given.ContainsKey("--instance") ? "--instance" : null) is { } misplaced)
            throw new KitaruUsageException($"The option {misplaced} belongs to the local server.", Usage);
        var secret = environment(ServerOptions.AdminSecretVariable);
        if (string.IsNullOrWhiteSpace(secret))
        {
            throw new KitaruUsageException(
                $"A shared server needs an admin secret, and {ServerOptions.AdminSecretVariable} is not set.", "Set it to a long random text, for example the output of: openssl rand -hex 32");
        }
        return new ServerOptions
        {
            Directory = directory,
            Urls = given.GetValueOrDefault("--urls") ?? Set(environment, "ASPNETCORE_URLS") ?? "http://127.0.0.1:8080",
            IsLocal = false,
            Database = given.GetValueOrDefault("--database") ?? Set(environment, ServerOptions.DatabaseVariable),
            AdminSecret = secret,
            Mcp = McpOptions.FromEnvironment(environment),
        };
    }

    private static ServerOptions Local(Dictionary<string, string> given, ConfigDirectory directory, Func<string, string?> environment)
    {
        if ((given.ContainsKey("--urls") ? "--urls" : given.ContainsKey("--database") ? "--database" : null) is { } misplaced)
            throw new KitaruUsageException($"The option {misplaced} is not for the local server: it listens on 127.0.0.1 and serves the embedded store.", Usage);
        if (!int.TryParse(given.GetValueOrDefault("--port", "8383"), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > ushort.MaxValue)
            throw new KitaruUsageException($"--port must be a number up to {ushort.MaxValue}; it is '{Texts.Short(given["--port"], 40)}'.", Usage);
        return new ServerOptions
        {
            Directory = directory,
            Urls = $"http://127.0.0.1:{port}",
            IsLocal = true,
            Instance = given.GetValueOrDefault("--instance"),
            AdminSecret = ReadToken(LocalFile(directory, "token")),
            Mcp = McpOptions.FromEnvironment(environment),
        };
    }

    private static string ReadToken(string path)
    {
        try
        {
            return SmallFile.ReadText(path, TokenBytesMax).Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new KitaruUsageException($"The local server's token cannot be read from {path}: {fault.Message}", "Start the local server with kitaru_start_local_server, which makes one.", fault);
        }
    }

    private static string? Set(Func<string, string?> environment, string name) => environment(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
}
