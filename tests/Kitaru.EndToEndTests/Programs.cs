using System.Reflection;

namespace Kitaru.EndToEndTests;

/// <summary>What these tests start, and what they were built with.</summary>
internal static class Programs
{
    /// <summary>The built kitaru-mcp.dll.</summary>
    public static string Server { get; } = Recorded("Server");

    /// <summary>The built quickstart.</summary>
    public static string Quickstart { get; } = Recorded("Quickstart");

    /// <summary>A user's program that runs flows in its own process; also a .dll with a flow.</summary>
    public static string Program { get; } = Recorded("Program");

    /// <summary>The soak of eng/soak.</summary>
    public static string Soak { get; } = Recorded("Soak");

    /// <summary>The checkout's root.</summary>
    public static string Repository { get; } = Recorded("Repository");

    /// <summary>Debug or Release.</summary>
    public static string Configuration { get; } = Recorded("Configuration");

    /// <summary>The package cache that the build used.</summary>
    public static string Packages { get; } = Recorded("Packages");

    private static string Recorded(string key) => typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == key && !string.IsNullOrEmpty(attribute.Value)).Value!;
}
