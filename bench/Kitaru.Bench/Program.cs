using Kitaru.Bench;

if (args is not [] and not ["--rounds", _])
{
    await Console.Error.WriteLineAsync("usage: dotnet run -c Release --project bench/Kitaru.Bench [-- --rounds N]");
    return 2;
}
var rounds = args is ["--rounds", var text] ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 7;
var folder = Directory.CreateTempSubdirectory("kitaru-bench-").FullName;
try
{
    await EngineBenchmark.RunAsync(folder, rounds);
    var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
    var server = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Kitaru.Mcp", configuration, "kitaru-mcp.dll"));
    await McpBenchmark.RunAsync(server, Path.Combine(folder, "engine"));
}
finally
{
    Directory.Delete(folder, recursive: true);
}
return 0;
