using Kitaru;
using Kitaru.Server.Access;
using Kitaru.Server.Hosting;
using Kitaru.Server.Projects;

try
{
    var options = ServerArguments.Parse(args, Environment.GetEnvironmentVariable);
    await using var stores = ServerStores.Of(options, Environment.GetEnvironmentVariable);
    // A store that cannot be opened is said at once, not by the first request.
    await stores.OpenAsync(OneProject.Default, CancellationToken.None);
    await using var app = KitaruServer.Build(
        options, new OneProject(), stores, [new AdminAuthenticator(options.AdminSecret, options.IsLocal ? Environment.UserName : "admin")], builder =>
        {
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
