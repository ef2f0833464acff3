namespace Kitaru.Client.Status;

/// <summary>Keeps secrets out of what people and assistants see.</summary>
internal static class SecretMask
{
    private const int ShownMax = 8;

    private static readonly string[] Words = ["KEY", "TOKEN", "SECRET", "PASSWORD", "CREDENTIAL", "AUTH"];

    /// <summary>A variable's value, or of a secret its first characters: at most half of it, so that a short one stays secret.</summary>
    public static string Shown(string name, string value)
    {
        if (!Words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)))
            return value;
        return value.Length >= 2 * ShownMax ? value[..ShownMax] + "***" : "***";
    }
}
