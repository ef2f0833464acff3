using System.Diagnostics;
using System.Text.RegularExpressions;
using Kitaru.EndToEndTests.World;
using Kitaru.PostgresForTests;

namespace Kitaru.EndToEndTests.Servers;

/// <summary>What the README tells a team to type starts a server on PostgreSQL, a worker and a first run.</summary>
public sealed partial class TeamReadmeTests : EndToEndTest
{
    private const string Section = "\n## A server for a team\n";
    private static readonly TimeSpan RunMax = TimeSpan.FromMinutes(3);

    [NeedsPostgresFact]
    public async Task CommandsForATeam_AsTheReadmeSaysThem_RunAFirstFlowOnTheServer()
    {
        using var database = PostgresCluster.TryStart(durable: false, out _)!;
        var url = $"http://127.0.0.1:{Ports.Free()}";
        var blocks = Blocks();
        blocks.Length.ShouldBe(2);
        string[] shells = [.. blocks.Select(block => Written().Replace(Database().Replace(block, $"\"{database.ConnectionString}\""), url))];
        // The second shell comes when the first one's server is there.
        using var first = Shell($"trap 'kill -TERM $server; wait $server' TERM\n{InPlace(shells[0])} &\nserver=$!\nwait $server\n");
        var serving = ReadAsync(first);
        await Daemon.ReadyAsync(url);
        using var second = Shell($"{InPlace(shells[1])}\nended=$?\nkill -TERM $!\nwait $!\nexit $ended\n");

        var output = await ReadAsync(second).WaitAsync(RunMax);
        await second.WaitForExitAsync();
        SystemCommand.Signal("TERM", first.Id);

        second.ExitCode.ShouldBe(0, output + await serving);
        output.ShouldContain("looking around");
        output.ShouldContain("Hello you, from process ");
    }

    /// <summary>What stands between the fences of the section.</summary>
    private static string[] Blocks()
    {
        var readme = File.ReadAllText(Path.Combine(Programs.Repository, "README.md"));
        var section = readme[(readme.IndexOf(Section, StringComparison.Ordinal) + Section.Length)..];
        section = section[..section.IndexOf("\n## ", StringComparison.Ordinal)];
        return [.. Fence().Matches(section).Select(match => match.Groups[1].Value.Trim())];
    }

    /// <summary>
    /// The scripts of eng/ become the programs that they become, as these tests were built with: a second build would write into what runs. Everything else is as it is written,
    /// from another folder.
    /// </summary>
    private static string InPlace(string commands) => Script().Replace(commands, match =>
    {
        var made = Made().Match(File.ReadAllText(Path.Combine(Programs.Repository, match.Value)));
        var built = Path.Combine(Programs.Repository, "artifacts", "bin", made.Groups[1].Value, Programs.Configuration.ToLowerInvariant(), made.Groups[2].Value + ".dll");
        File.Exists(built).ShouldBeTrue(built);
        return $"dotnet '{built}'";
    }).Replace("examples/", Programs.Repository + "/examples/", StringComparison.Ordinal);

    private Process Shell(string script)
    {
        var start = new ProcessStartInfo("sh", ["-c", script]) { WorkingDirectory = Home.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KITARU_CONFIG_PATH"] = Home.Config;
        return Process.Start(start)!;
    }

    private static async Task<string> ReadAsync(Process process) =>
        string.Join('\n', await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()));

    [GeneratedRegex("^```\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("eng/kitaru[a-z-]*")]
    private static partial Regex Script();

    [GeneratedRegex("build-and-run\" (\\S+) (\\S+)")]
    private static partial Regex Made();

    [GeneratedRegex("http://127\\.0\\.0\\.1:[0-9]+")]
    private static partial Regex Written();

    [GeneratedRegex("\"Host=[^\"]*\"")]
    private static partial Regex Database();
}
