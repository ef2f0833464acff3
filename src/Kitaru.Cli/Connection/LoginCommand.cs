using System.CommandLine;
using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.Cli.Connection;

/// <summary>kitaru login.</summary>
internal static class LoginCommand
{
    public static LeafCommand Create()
    {
        var options = new Options();
        return new LeafCommand(
            "login", "Logs in to a server. Without one it starts the local server of this machine.", "kitaru login https://kitaru.example --project default",
            (call, cancellationToken) => call.Get(options.Server) is { } server ? RemoteAsync(call, options, server, cancellationToken) : LocalAsync(call, options, cancellationToken))
        {
            options.Server,
            options.ApiKey,
            options.Project,
            options.Refresh,
            options.NoVerifySsl,
            options.SslCaCert,
            options.Port,
            options.Timeout,
        };
    }

    private static async Task<Answer> LocalAsync(CommandCall call, Options options, CancellationToken cancellationToken)
    {
        Refuse(call, [options.ApiKey, options.Refresh, options.Project, options.NoVerifySsl, options.SslCaCert], "needs a server to log in to", "Name the server: kitaru login https://kitaru.example, or leave the option out for the local server.");
        List<string> warnings = [];
        if (ConnectionVariables.Set(call.Host.Environment) is { Count: > 0 } set)
            warnings.Add($"{string.Join(" and ", set)} {(set.Count == 1 ? "is" : "are")} set: commands go on working on the server it names until it is unset.");
        else if (call.Client.ReadConnection() is { Kind: Kitaru.Client.Connection.ConnectionKind.RemoteServer, ServerUrl: var left })
        {
            await call.Client.LogoutAsync(cancellationToken);
            warnings.Add($"Left {left}.");
        }
        var started = await call.Client.LocalServer.StartAsync(call.Get(options.Port), TimeSpan.FromSeconds(call.Get(options.Timeout)!.Value), cancellationToken);
        var words = started.Action switch { "connected" => "The local Kitaru server runs already.", "restarted" => "Restarted the local Kitaru server.", _ => "Started the local Kitaru server." };
        return Answer.Item(new JsonObject { ["mode"] = "local", ["url"] = started.Url }, new Success(words, $"URL: {started.Url}")) with
        {
            Warnings = warnings,
            Hints = ["kitaru status shows the connection; kitaru logout stops the server."],
        };
    }

    private static async Task<Answer> RemoteAsync(CommandCall call, Options options, string server, CancellationToken cancellationToken)
    {
        Refuse(call, [options.Port], "is for the local server only", "Leave it out, or leave the server out.");
        Refuse(call, [options.NoVerifySsl, options.SslCaCert], "is not supported by this version", "Add the server's certificate authority to this machine's trusted ones.");
        var key = call.Get(options.ApiKey) ?? await AskAsync(call, server, cancellationToken);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(call.Get(options.Timeout)!.Value), call.Host.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var login = await call.Client.LoginAsync(server, key, call.Get(options.Project), either.Token);
            return Answer.Item(login.ToJson(), new Success("Logged in to the Kitaru server.", [$"URL: {login.Url}", .. login.Project is { } project ? [$"Project: {project}"] : (string[])[]])) with
            {
                Hints = ["kitaru status shows the connection; kitaru logout ends it."],
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new KitaruTimeoutException($"{Texts.Short(server)} did not answer within {call.Get(options.Timeout)} s.", "Check the address, or give it more time with --timeout.");
        }
    }

    private static async Task<string> AskAsync(CommandCall call, string server, CancellationToken cancellationToken)
    {
        // Said before anything is typed: variables would win over the login, or the address is none. The login itself says it.
        if (ConnectionVariables.Set(call.Host.Environment).Count > 0 || !server.Contains("://", StringComparison.Ordinal))
            return "-";
        return await Ask.HiddenAsync(call, $"API key for {server}: ", cancellationToken) ?? throw new KitaruUsageException(
            "Logging in to a server needs an API key, and nobody can be asked for one here.",
            "Give it with --api-key, or use the server without a login: set KITARU_SERVER_URL, KITARU_AUTH_TOKEN and KITARU_PROJECT. An administrator makes keys with kitaru auth api-keys create.");
    }

    private static void Refuse(CommandCall call, IEnumerable<Option> options, string why, string nextStep)
    {
        if (options.Where(call.IsGiven).Select(option => option.Name).ToList() is { Count: > 0 } given)
            throw new KitaruUsageException($"{string.Join(", ", given)} {why}.", nextStep);
    }

    private sealed class Options
    {
        public Argument<string?> Server { get; } = CommonOptions.OptionalArgument("SERVER", "The server's address; left out for the local server.");

        public Option<string?> ApiKey { get; } = CommonOptions.Text("--api-key", "KEY", "An API key of the server. Without it you are asked.");

        public Option<string?> Project { get; } = CommonOptions.Text("--project", "NAME", "The project to work on, by name or id.");

        public Option<bool> Refresh { get; } = CommonOptions.Flag("--refresh", "Log in anew, also when there is a login.");

        public Option<bool> NoVerifySsl { get; } = Hidden(CommonOptions.Flag("--no-verify-ssl", "Not supported."));

        public Option<string?> SslCaCert { get; } = Hidden(CommonOptions.Text("--ssl-ca-cert", "PATH", "Not supported."));

        public Option<int?> Port { get; } = CommonOptions.Number("--port", "Where the local server listens; else the port it has, 8383, or a free one.", 1, 65535);

        public Option<int?> Timeout { get; } = CommonOptions.Number("--timeout", "How many seconds it may take.", 1, 600, preset: 60);

        private static T Hidden<T>(T option)
            where T : Option
        {
            option.Hidden = true;
            return option;
        }
    }
}
