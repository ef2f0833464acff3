using Kitaru.Bench;

if (args is not [] and not ["--rounds", _] and not ["statistics"] and not ["lists"])
{
    await Console.Error.WriteLineAsync("usage: dotnet run -c Release --project bench/Kitaru.Bench [-- --rounds N | statistics | lists]");
    return 2;
}
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
        default:
            await EngineBenchmark.RunAsync(folder, args is ["--rounds", var text] ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 7);
            var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
            var server = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Kitaru.Mcp", configuration, "kitaru-mcp.dll"));
            await McpBenchmark.RunAsync(server, Path.Combine(folder, "engine"));
            break;
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}
return 0;
