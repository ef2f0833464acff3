namespace Kitaru.CliTests.Keys;

/// <summary>The rows about connection and administration.</summary>
internal static class AdministrationKeys
{
    public static IReadOnlyList<KeyCase> Cases { get; } =
    [
        new("secrets list", Contract.SecretSummary) { IsList = true, Prepare = SecretAsync },
        new("secrets show openai", Contract.SecretShown) { Prepare = SecretAsync },
        new("secrets show openai --show-values", Contract.SecretShown) { Prepare = SecretAsync },
    ];

    private static async Task<string[]> SecretAsync(CliWorld world)
    {
        await using var client = world.Connect();
        await client.Secrets.CreateAsync("openai", new Dictionary<string, string> { ["API_KEY"] = "value-1" });
        return [];
    }
}
