using System.Text.Json.Nodes;
using Kitaru;
using Kitaru.Core;

// Runs a flow on whatever KITARU_SERVER_URL, KITARU_AUTH_TOKEN and KITARU_PROJECT name (README.md).
try
{
    await using var kitaru = KitaruClient.Connect();
    var connection = kitaru.ReadConnection();
    Console.WriteLine($"Working on {connection.ServerUrl ?? "the embedded store"}.");
    var handle = await kitaru.RunTargetAsync(
        Path.Combine(AppContext.BaseDirectory, "flows", "Greeting.cs") + ":greeting", new JsonObject { ["name"] = Environment.UserName }, progress: new Progress<string>(Console.WriteLine));
    Console.WriteLine($"Started execution {handle.Id}; a worker takes it.");
    await kitaru.Executions.WaitForStopAsync(handle.Id, TimeSpan.FromMinutes(2));
    foreach (var line in await (await kitaru.OpenAsync()).Logs.ReadAsync(new LogQuery { ExecutionId = handle.Id, FromStart = true }))
        Console.WriteLine($"  {line.Source,-6} {line.Message}");
    Console.WriteLine(await handle.GetAsync<string>());
    return 0;
}
catch (KitaruException error)
{
    Console.Error.WriteLine($"{error.Code}: {error.Message} {error.NextStep}");
    return 1;
}
