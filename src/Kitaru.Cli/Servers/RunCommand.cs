using Kitaru.Cli.Commands;
using Kitaru.Core.Configuration;

namespace Kitaru.Cli.Servers;

/// <summary>kitaru server run.</summary>
internal static class RunCommand
{
    public static LeafCommand Create()
    {
        var urls = CommonOptions.Text("--urls", "URL", "Where it listens; http://127.0.0.1:8080 when nothing says otherwise.");
        var database = CommonOptions.Text("--database", "CONNECTION", "PostgreSQL; left out for SQLite in the config directory.");
        var config = CommonOptions.Text("--config", "PATH", "Its config directory.");
        return new LeafCommand(
            "server.run", "Runs a server for a team in the foreground. KITARU_SERVER_ADMIN_SECRET must be set.", "kitaru server run --urls http://0.0.0.0:8080",
            (call, cancellationToken) => ForegroundProgram.RunAsync(
                call, Path.Combine(ConnectionVariables.Read(call.Host.Environment, "KITARU_SERVER_PATH") ?? Path.Combine(call.Host.ProgramFolder, "server"), "kitaru-server.dll"),
                new[] { urls, database, config }.Where(call.IsGiven).SelectMany(option => (string[])[option.Name, call.Get(option)!]), cancellationToken))
        {
            urls,
            database,
            config,
        };
    }
}
