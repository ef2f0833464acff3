using Kitaru.Client.Stacks;
using Kitaru.ControlPlane.LocalServer;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.Client.Connection;

/// <summary>
/// Finds out what a client works on: its options, else the environment, else a login, else the local server if it runs, else the embedded store. Asked before every
/// call, so that a program that runs for long follows; nothing is read that has not changed.
/// </summary>
internal sealed class ConnectionResolver(KitaruClientOptions options, ConfigDirectory config)
{
    private readonly StampedFile<StoredLogin> _user = new(path => StoredLogin.Read(path, config));
    private readonly StampedFile<StoredLogin> _repository = new(path => StoredLogin.Read(path, config));
    private readonly StampedFile<IReadOnlyDictionary<string, string>> _credentials = new(Credentials.Load);
    private readonly StampedFile<LocalServerRegistration?> _registration = new(LocalServerRegistration.Read);
    private readonly StampedFile<string?> _token = new(LocalServerRegistration.ReadToken);

    /// <exception cref="KitaruUsageException">Something of it makes no sense.</exception>
    public ConnectionSettings Resolve()
    {
        var found = OfOptions() ?? OfEnvironment() ?? OfLogin() ?? OfLocalServer() ?? new ConnectionSettings { Kind = ConnectionKind.Embedded };
        var (project, source) = ProjectFor(found);
        found = found with { Project = project, ProjectSource = source };
        return found.Kind == ConnectionKind.Embedded && project is not (null or Project.DefaultName) ? throw NoProjects(project, source!) : found;
    }

    /// <summary>The registration, whether its server lives or not.</summary>
    public LocalServerRegistration? Registration => _registration.Get(LocalServerRegistration.PathIn(config));

    private ConnectionSettings? OfOptions() => Pair(
        ConnectionVariables.Given(options.ServerUrl), ConnectionVariables.Given(options.AuthToken),
        (nameof(options.ServerUrl), nameof(options.AuthToken)), (ConnectionSettings.FromOptions, ConnectionSettings.FromOptions));

    private ConnectionSettings? OfEnvironment() => Pair(
        ConnectionVariables.Read(options.Environment, ConnectionVariables.ServerUrl), ConnectionVariables.Read(options.Environment, ConnectionVariables.AuthToken),
        (ConnectionVariables.ServerUrl, ConnectionVariables.AuthToken),
        (ConnectionSettings.FromVariable(ConnectionVariables.ServerUrl), ConnectionSettings.FromVariable(ConnectionVariables.AuthToken)));

    private ConnectionSettings? OfLogin()
    {
        if (_user.Get(config.Settings).ServerUrl is not { } stored)
            return null;
        var url = ServerAddress.Parse(stored, $"server_url in {config.Settings}", options.Environment);
        return _credentials.Get(config.Credentials).TryGetValue(url, out var token)
            ? Remote(url, token, ConnectionSettings.FromUser, ConnectionSettings.FromUser)
            : throw new KitaruUsageException(
                $"You are logged in to {url}, and its key is not in {config.Credentials} any more.", "Log in to it again, or log out to work on the local database.");
    }

    private ConnectionSettings? OfLocalServer() =>
        Registration is { IsReady: true, IsAlive: true } running && _token.Get(LocalServerRegistration.TokenPathIn(config)) is { } token
            ? Remote(running.Url, token, ConnectionSettings.FromLocalServer, ConnectionSettings.FromLocalServer) with { Kind = ConnectionKind.LocalServer }
            : null;

    /// <summary>Both or neither, and of one place: a token never goes to a server that was named elsewhere.</summary>
    private ConnectionSettings? Pair(string? url, string? token, (string Url, string Token) names, (string Url, string Token) sources)
    {
        if (url is null && token is null)
            return null;
        var (missing, there) = url is null ? (names.Url, names.Token) : (names.Token, names.Url);
        if (url is null || token is null)
        {
            throw new KitaruUsageException($"{there} is set and {missing} is not: they belong together.", $"Set {missing} too, or unset {there}.")
            {
                Details = new() { ["argument"] = missing, ["expected"] = $"a value beside {there}", ["got"] = "nothing" },
            };
        }
        return Remote(ServerAddress.Parse(url, names.Url, options.Environment), token, sources.Url, sources.Token);
    }

    private (string? Project, string? Source) ProjectFor(ConnectionSettings found)
    {
        if (ConnectionVariables.Given(options.Project) is { } chosen)
            return (chosen, ConnectionSettings.FromOptions);
        if (ConnectionVariables.Read(options.Environment, ConnectionVariables.Project) is { } variable)
            return (variable, ConnectionSettings.FromVariable(ConnectionVariables.Project));
        // What was saved was saved for the server of the login or for this machine.
        if (found is { Kind: ConnectionKind.RemoteServer } && found.ServerUrlSource != ConnectionSettings.FromUser)
            return (null, null);
        if (ActiveStack.ProjectRoot(options.WorkingDirectory ?? Environment.CurrentDirectory) is { } root
            && _repository.Get(Path.Combine(root, ".kitaru", "config.yaml")).Project is { } ofRepository)
            return (ofRepository, ConnectionSettings.FromRepository);
        return _user.Get(config.Settings).Project is { } ofUser ? (ofUser, ConnectionSettings.FromUser) : (null, null);
    }

    private static ConnectionSettings Remote(string url, string token, string urlSource, string tokenSource) =>
        new() { Kind = ConnectionKind.RemoteServer, ServerUrl = url, Token = token, ServerUrlSource = urlSource, TokenSource = tokenSource };

    private static KitaruUsageException NoProjects(string project, string source) => new(
        $"Project '{Texts.Short(project, 80)}' was asked for ({source}), and the local database has only the project '{Project.DefaultName}' when no server runs.",
        $"Start the local server (kitaru_start_local_server), connect to a server, or take back the choice of the project.")
    {
        Details = new() { ["argument"] = "project", ["expected"] = Project.DefaultName, ["got"] = Texts.Short(project, 80) },
    };
}
