using System.Globalization;
using System.Runtime.InteropServices;

namespace Kitaru.EndToEndTests.Installed;

/// <summary>
/// A feed with the two tools, packed from what these tests were built with, and both installed from it. Nothing else is to be had there: a tool that needs
/// another package, or a network, is not found out by a user.
/// </summary>
[CollectionDefinition(Name)]
public sealed class ToolFeed : IAsyncLifetime, ICollectionFixture<ToolFeed>
{
    /// <summary>The tests that share one feed.</summary>
    public const string Name = "tool feed";

    private static readonly string[] Tools = ["Kitaru.Mcp", "Kitaru.Cli"];

    private string Root { get; } = Directory.CreateTempSubdirectory("kitaru-tools-").FullName;

    /// <summary>One that never was before, so that no cache can serve an older build.</summary>
    public string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"0.1.0-test.{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}");

    public string Feed => Path.Combine(Root, "feed");

    /// <summary>The folder in which .NET lies.</summary>
    public static string Dotnet { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>A machine on which nobody has used .NET before, and whose only packages are in the feed.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["HOME"] = Path.Combine(Root, "home"),
        ["DOTNET_CLI_HOME"] = Path.Combine(Root, "home"),
        ["NUGET_PACKAGES"] = Path.Combine(Root, "packages"),
        ["DOTNET_ROOT"] = Dotnet,
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["CI"] = "",
    };

    public string Command(string name) => Path.Combine(Root, "bin", OperatingSystem.IsWindows() ? $"{name}.exe" : name);

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(Root, "home"));
        var repository = new DotnetCommand(Programs.Repository, new Dictionary<string, string>());
        foreach (var tool in Tools)
        {
            await repository.SucceedAsync(
                "pack", $"src/{tool}/{tool}.csproj", "--no-build", "--configuration", Programs.Configuration, "--output", Feed,
                $"-p:Version={Version}", $"-p:PackageVersion={Version}");
        }
        var user = new DotnetCommand(Root, Environment);
        foreach (var tool in Tools)
            await user.SucceedAsync("tool", "install", tool, "--tool-path", Path.Combine(Root, "bin"), "--source", Feed, "--version", Version);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Root, recursive: true);
        return Task.CompletedTask;
    }
}
