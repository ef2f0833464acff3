using Kitaru;
using Kitaru.ControlPlane.LocalServer;
using Kitaru.Server.Access;
using Kitaru.Server.Hosting;
using Kitaru.Server.Projects;

try
{
    var options = ServerArguments.Parse(args, Environment.GetEnvironmentVariable);
    if (options.IsLocal)
        OwnSession.Begin();
    await using var stores = ServerStores.Of(options, Environment.GetEnvironmentVariable);
    await using var access = await ServerStores.OpenAccessAsync(options, stores, CancellationToken.None);
    // A store that cannot be opened is said at once, not by the first request.
    await stores.OpenAsync(OneProject.Default, CancellationToken.None);
    await using var app = KitaruServer.Build(
        options, new StoredProjects(access.Access, TimeProvider.System), stores, [new AccountsAuthenticator(access.Credentials)], builder =>
        {
            builder.Services.AddSingleton(access);
            builder.Services.AddHostedService<ProjectCare>();
            if (!options.IsLocal)
                return;
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(new FileLog(ServerArguments.LocalFile(options.Directory, "service.log")));
        });
    await app.RunAsync();
    return 0;
}
catch (Exception error) when (error is KitaruException or IOException)
{
    await Console.Error.WriteLineAsync($"kitaru-server: {error.Message}{((error as KitaruException)?.NextStep is { } next ? $"\n{next}" : "")}");
    return 1;
}
