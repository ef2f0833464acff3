using Kitaru;
using Kitaru.ControlPlane;
using Kitaru.Core.Configuration;
using Kitaru.Server;
using Kitaru.Server.Access;
using Kitaru.Server.Hosting;
using Kitaru.Server.Projects;

try
{
    var options = ServerArguments.Parse(args, Environment.GetEnvironmentVariable);
    await using var store = await EmbeddedControlPlane.OpenAsync(EmbeddedOptions.FromEnvironment(options.Directory, Environment.GetEnvironmentVariable));
    await using var app = KitaruServer.Build(options, new OneProject(store), [new AdminAuthenticator(options.AdminSecret)]);
    await app.RunAsync();
    return 0;
}
catch (KitaruException error)
{
    await Console.Error.WriteLineAsync($"kitaru-server: {error.Message}{(error.NextStep is { } next ? $"\n{next}" : "")}");
    return 1;
}
