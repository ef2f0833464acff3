using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.Server.Hosting;

/// <summary>Reads the command line and the environment.</summary>
internal static class ServerArguments
{
    private const string Usage = "Usage: kitaru-server [--urls http://0.0.0.0:8080] [--database <PostgreSQL connection string>] [--config <directory>]";

    /// <exception cref="KitaruUsageException">Something is unknown, or the admin secret is missing.</exception>
    public static ServerOptions Parse(string[] args, Func<string, string?> environment)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] known = ["--urls", "--database", "--config"];
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], i + 1 < args.Length ? args[++i] : null);
            if (!known.Contains(name))
                throw new KitaruUsageException($"There is no option '{Texts.Short(name, 80)}'.{Texts.DidYouMean(name, known)}", Usage);
            given[name] = value ?? throw new KitaruUsageException($"The option {name} needs a value.", Usage);
        }
        var secret = environment(ServerOptions.AdminSecretVariable);
        if (string.IsNullOrWhiteSpace(secret))
        {
            throw new KitaruUsageException(
                $"A shared server needs an admin secret, and {ServerOptions.AdminSecretVariable} is not set.", $"Set it to a long random text, for example the output of: openssl rand -hex 32");
        }
        return new ServerOptions
        {
            Directory = given.TryGetValue("--config", out var config) ? new ConfigDirectory(config) : ConfigDirectory.Resolve(environment),
            Urls = given.GetValueOrDefault("--urls") ?? environment("ASPNETCORE_URLS") ?? "http://127.0.0.1:8080",
            IsLocal = false,
            Database = given.GetValueOrDefault("--database") ?? environment(ServerOptions.DatabaseVariable),
            AdminSecret = secret,
        };
    }
}
