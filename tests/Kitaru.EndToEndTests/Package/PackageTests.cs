using System.IO.Compression;
using System.Text.Json;

namespace Kitaru.EndToEndTests.Package;

[Collection(PackageFeed.Name)]
public sealed class PackageTests(PackageFeed feed)
{
    private const string Library = """
        using Kitaru;

        namespace Shop;

        public static class Orders
        {
            /// <summary>Adds amounts up.</summary>
            [Flow]
            public static async Task<int> TotalOf(int[] amounts)
            {
                var total = 0;
                foreach (var amount in amounts)
                    total += await Checked(amount);
                return total;
            }

            [Checkpoint]
            public static Task<int> Checked(int amount) => Task.FromResult(amount > 0 ? amount : throw new ArgumentException("not positive"));
        }
        """;

    /// <summary>References the library alone: Kitaru, and with it the generator, reaches it through the library.</summary>
    private const string Program = """
        using Kitaru;
        using Shop;

        await using var kitaru = KitaruClient.Connect(new KitaruClientOptions { ConfigPath = args[0] });
        var handle = await kitaru.RunAsync(() => Twice.TwiceAsync(21));
        Console.WriteLine($"result {await handle.WaitAsync(TimeSpan.FromMinutes(1))}");
        var calls = (await kitaru.Executions.GetAsync(handle.Id)).Calls;
        Console.WriteLine($"recorded {string.Join(", ", calls.Select(call => call.Name))}");

        internal static class Twice
        {
            [Flow]
            internal static async Task<int> TwiceAsync(int amount) => await Orders.Checked(amount) + await Own(amount);

            [Checkpoint]
            private static async Task<int> Own(int amount)
            {
                await Task.Yield();
                return amount;
            }
        }
        """;

    [Fact]
    public void Packages_CarryTheirParts()
    {
        Entries("Kitaru").ShouldBe(
            [
                "README.md", "analyzers/dotnet/cs/Kitaru.Generators.dll", "analyzers/dotnet/cs/Kitaru.Generators.CodeFixes.dll",
                "build/Kitaru.targets", "buildTransitive/Kitaru.targets",
                "lib/net10.0/Kitaru.dll", "lib/net10.0/Kitaru.xml",
            ],
            ignoreOrder: true);
        Entries("Kitaru.Core").ShouldBe(["README.md", "lib/net10.0/Kitaru.Core.dll", "lib/net10.0/Kitaru.Core.xml"], ignoreOrder: true);
        Entries("Kitaru.Testing").ShouldBe(["README.md", "lib/net10.0/Kitaru.Testing.dll", "lib/net10.0/Kitaru.Testing.xml"], ignoreOrder: true);
        Entries("Kitaru.ControlPlane").ShouldBe(["README.md", "lib/net10.0/Kitaru.ControlPlane.dll", "lib/net10.0/Kitaru.ControlPlane.xml"], ignoreOrder: true);
    }

    [Fact]
    public async Task Library_WithThePackage_RunsThroughKitaruMcp()
    {
        var folder = await feed.WriteProjectAsync("Shop.Flows", "", feed.Reference, Library);
        await using var kitaru = await McpSession.StartAsync(folder, feed.Environment);

        var started = await kitaru.CallAsync("kitaru_executions_run", new()
        {
            ["target"] = "Shop.Flows.csproj:total_of",
            ["args"] = new Dictionary<string, int[]> { ["amounts"] = [1, 2, 39] },
        });
        var ended = await kitaru.CallAsync("kitaru_executions_get", new() { ["exec_id"] = started.GetProperty("exec_id").GetString(), ["wait_seconds"] = 50 });

        ended.GetProperty("status").GetString().ShouldBe("completed", ended.ToString());
        ended.GetProperty("result").GetInt32().ShouldBe(42);
        ended.GetProperty("checkpoints").EnumerateArray().Select(call => call.GetProperty("name").GetString())
            .ShouldBe(["checked", "checked_2", "checked_3"]);
    }

    [Fact]
    public async Task Program_ThatGetsThePackageThroughALibrary_RecordsItsCalls()
    {
        await feed.WriteProjectAsync("Shop.Library", "", feed.Reference, Library);
        var folder = await feed.WriteProjectAsync(
            "Shop.Program", "<OutputType>Exe</OutputType>", """<ProjectReference Include="../Shop.Library/Shop.Library.csproj" />""", Program);

        var output = await feed.In(folder).SucceedAsync("run", "--", Path.Combine(folder, "config"));

        output.ShouldContain("result 42");
        output.ShouldContain("recorded checked, own");
    }

    [Fact]
    public async Task Flow_ThatReadsTheClock_DoesNotCompile()
    {
        var folder = await feed.WriteProjectAsync("Shop.Clock", "", feed.Reference, """
            using Kitaru;

            public static class Clock
            {
                [Flow]
                public static Task<int> Year() => Task.FromResult(DateTime.UtcNow.Year);
            }
            """);

        var (code, output) = await feed.In(folder).RunAsync("build");

        code.ShouldNotBe(0);
        output.ShouldContain("error KIT101");
    }

    [Fact]
    public async Task Project_ThatSetsTheSameProperties_KeepsWhatThePackageNeeds()
    {
        const string own = "<InterceptorsNamespaces>Own.Generated</InterceptorsNamespaces><WarningsAsErrors>CS0168</WarningsAsErrors>";
        var folder = await feed.WriteProjectAsync("Shop.Settings", own, feed.Reference, Library);
        await feed.In(folder).SucceedAsync("restore");

        var output = await feed.In(folder).SucceedAsync("msbuild", "-getProperty:InterceptorsNamespaces", "-getProperty:WarningsAsErrors");

        var properties = JsonDocument.Parse(output).RootElement.GetProperty("Properties");
        properties.GetProperty("InterceptorsNamespaces").GetString()!.Split(';').ShouldContain("Kitaru.Generated");
        properties.GetProperty("InterceptorsNamespaces").GetString()!.Split(';').ShouldContain("Own.Generated");
        properties.GetProperty("WarningsAsErrors").GetString()!.Split(';').ShouldContain("CS9057");
        properties.GetProperty("WarningsAsErrors").GetString()!.Split(';').ShouldContain("CS0168");
    }

    private string[] Entries(string package)
    {
        using var archive = ZipFile.OpenRead(Path.Combine(feed.Feed, $"{package}.{feed.Version}.nupkg"));
        return
        [
            .. archive.Entries.Select(entry => entry.FullName)
                .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal)
                    && name != "[Content_Types].xml" && !name.EndsWith(".nuspec", StringComparison.Ordinal)),
        ];
    }
}
