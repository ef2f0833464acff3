using System.Diagnostics;
using System.Runtime.InteropServices;
using Kitaru.Core.Configuration;

namespace Kitaru.Bench;

/// <summary>How much longer the command line takes to answer than a runtime that does nothing: each pair started one after the other, from a build that is compiled ahead.</summary>
internal static class CliBenchmark
{
    /// <summary>The argument with which this program only starts and ends.</summary>
    public const string Bare = "bare";

    private const int Pairs = 15;

    public static async Task RunAsync(string folder)
    {
        var published = Path.Combine(folder, "kitaru");
        var project = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "src", "Kitaru.Cli", "Kitaru.Cli.csproj"));
        // A platform's packages are not in the lock files, which stay as they are; so does what was built before.
        await RunAsync(
            folder, "publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", $"-p:NuGetLockFilePath={Path.Combine(folder, "packages.lock.json")}",
            "-p:RestoreLockedMode=false", $"-p:ArtifactsPath={Path.Combine(folder, "build")}", "-o", published, "-v", "q", "-nodeReuse:false");
        var program = Path.Combine(published, "Kitaru.Cli.dll");
        Console.WriteLine("| kitaru, compiled ahead | bare runtime, ms | kitaru, ms | more, ms (median of pairs) |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var arguments in (string[][])[["--help"], ["status"], ["executions", "list"]])
        {
            var (bare, kitaru) = (new List<double>(), new List<double>());
            for (var i = 0; i <= Pairs; i++)
            {
                var first = await RunAsync(folder, "exec", typeof(CliBenchmark).Assembly.Location, Bare);
                var second = await RunAsync(folder, ["exec", program, .. arguments]);
                // The first pair warms the disk's cache and is not counted.
                if (i == 0)
                    continue;
                bare.Add(first);
                kitaru.Add(second);
            }
            Console.WriteLine(FormattableString.Invariant(
                $"| `kitaru {string.Join(' ', arguments)}` | {Measure.Median(bare):0} | {Measure.Median(kitaru):0} | {Measure.Median(bare.Zip(kitaru, (without, with) => with - without)):0} |"));
        }
        // The same package has kitaru-mcp inside, compiled ahead as well.
        var initialize = await McpBenchmark.InitializeAsync(Path.Combine(published, "kitaru-mcp.dll"), Path.Combine(folder, "config"));
        Console.WriteLine(FormattableString.Invariant($"\nkitaru-mcp, compiled ahead: process start to the answer of initialize {initialize:0} ms"));
    }

    private static async Task<double> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment[ConfigDirectory.Variable] = Path.Combine(folder, "config");
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        var elapsed = clock.Elapsed.TotalMilliseconds;
        return process.ExitCode == 0 ? elapsed : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} failed: {await output}{await error}");
    }
}
