namespace Kitaru.EndToEndTests.World;

/// <summary>Flow code for tests.</summary>
public static class Sources
{
    public const string Hello =
        """
        using Kitaru;

        public static class Hello
        {
            /// <summary>Says hello.</summary>
            [Flow]
            public static async Task<string> SayHello(string name) => await Greet(name);

            [Checkpoint]
            private static async Task<string> Greet(string name)
            {
                await Task.Yield();
                return "hello " + name;
            }
        }
        """;

    /// <summary>A project as a user of the worker's Kitaru writes it without the package.</summary>
    public static string Project(string extra = "") =>
        $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
          </PropertyGroup>
          <ItemGroup>
            <Reference Include="{Path.Combine(Worker, "Kitaru.dll")}" />
            <Reference Include="{Path.Combine(Worker, "Kitaru.Core.dll")}" />
            <Analyzer Include="{Path.Combine(Worker, "build", "analyzers", "Kitaru.Generators.dll")}" />
            {extra}
          </ItemGroup>
        </Project>
        """;

    private static string Worker => Path.Combine(AppContext.BaseDirectory, "worker");
}
