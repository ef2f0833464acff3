using System.Globalization;

namespace Kitaru.EndToEndTests.Package;

/// <summary>
/// The packages as a user gets them: packed from what these tests were built with, in a feed and a package cache of their own, under a version that never was
/// before, so that no cache can serve an older build.
/// </summary>
[CollectionDefinition(Name)]
public sealed class PackageFeed : IAsyncLifetime, ICollectionFixture<PackageFeed>
{
    /// <summary>The tests that share one feed.</summary>
    public const string Name = "package feed";

    private static readonly string[] Projects = ["Kitaru.Core", "Kitaru.ControlPlane", "Kitaru", "Kitaru.Testing"];

    /// <summary>Holds everything; projects of the tests go below it.</summary>
    public string Root { get; } = Path.Combine(Path.GetTempPath(), $"kitaru-feed-{Guid.CreateVersion7():N}");

    public string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"0.1.0-test.{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}");

    public string Feed => Path.Combine(Root, "feed");

    /// <summary>What a process needs in its environment to see this feed's packages.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["NUGET_PACKAGES"] = Path.Combine(Root, "packages"),
        ["CI"] = "",
    };

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Feed);
        var dotnet = new DotnetCommand(Programs.Repository, new Dictionary<string, string>());
        foreach (var name in Projects)
        {
            await dotnet.SucceedAsync(
                "pack", $"src/{name}/{name}.csproj", "--no-build", "--configuration", Programs.Configuration, "--output", Feed,
                $"-p:Version={Version}", $"-p:PackageVersion={Version}");
        }
        // Everything but our own packages comes from where this build got it, without a network.
        await File.WriteAllTextAsync(Path.Combine(Root, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="kitaru-test" value="{Feed}" /></packageSources>
              <fallbackPackageFolders><add key="build" value="{Programs.Packages}" /></fallbackPackageFolders>
            </configuration>
            """);
        // Ends the search for settings further up.
        await File.WriteAllTextAsync(Path.Combine(Root, "Directory.Build.props"), "<Project />");
        await File.WriteAllTextAsync(Path.Combine(Root, "Directory.Build.targets"), "<Project />");
        await File.WriteAllTextAsync(Path.Combine(Root, "Directory.Packages.props"), "<Project />");
    }

    public Task DisposeAsync()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException)
        {
            // A worker may still be ending in it; the system cleans its temp folder.
        }
        return Task.CompletedTask;
    }

    /// <summary>Writes a project with a source file and returns the project's folder.</summary>
    internal async Task<string> WriteProjectAsync(string name, string properties, string items, string source)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Root, name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                {properties}
              </PropertyGroup>
              <ItemGroup>{items}</ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.cs"), source);
        return folder;
    }

    internal DotnetCommand In(string folder) => new(folder, Environment);

    internal string Reference => $"""<PackageReference Include="Kitaru" Version="{Version}" />""";
}
