using Kitaru.Bench;

// What a runtime alone takes to start, for the benchmark of the command line.
if (args is [CliBenchmark.Bare])
    return 0;
if (args is [BareServer.Mode, var way, var result, var tool])
{
    await BareServer.RunAsync(way, result, tool);
    return 0;
}
if (args is not [] and not ["--rounds", _] and not ["statistics"] and not ["lists"] and not ["invoke"] and not ["cli"] and not ["mcp", ..] and not ["postgres"] and not ["postgres", _])
{
    await Console.Error.WriteLineAsync("usage: dotnet run -c Release --project bench/Kitaru.Bench [-- --rounds N | statistics | lists | invoke | cli | mcp [N [tool]] | postgres [N]]");
    return 2;
}
var server = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Kitaru.Mcp", new DirectoryInfo(AppContext.BaseDirectory).Name, "kitaru-mcp.dll"));
var folder = Directory.CreateTempSubdirectory("kitaru-bench-").FullName;
try
{
    switch (args)
    {
        case ["statistics"]:
            await ReadBenchmark.StatisticsAsync(folder);
            break;
        case ["lists"]:
            await ReadBenchmark.ListsAsync(folder);
            break;
        case ["invoke"]:
            await InvokeBenchmark.RunAsync(server, folder);
            break;
        case ["cli"]:
            await CliBenchmark.RunAsync(folder);
            break;
        case ["mcp", ..]:
            await CallBenchmark.RunAsync(server, folder, args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 7, args.Length > 2 ? args[2] : null);
            break;
        case ["postgres", ..]:
            await PostgresBenchmark.RunAsync(server, folder, args is [_, var rounds] ? int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture) : 7);
            break;
        default:
            await EngineBenchmark.RunAsync(folder, args is ["--rounds", var text] ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 7);
            await McpBenchmark.RunAsync(server, Path.Combine(folder, "engine"));
            break;
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}
return 0;
