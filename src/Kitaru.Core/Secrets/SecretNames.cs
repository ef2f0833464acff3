namespace Kitaru.Core;

/// <summary>Tells from a variable's name that its value is not for everybody's eyes.</summary>
public static class SecretNames
{
    /// <summary>What stands in the place of a hidden value.</summary>
    public const string Mask = "***";

    private static readonly string[] Words = ["KEY", "TOKEN", "SECRET", "PASSWORD", "CREDENTIAL", "AUTH"];

    /// <summary>Whether the name has one of the words in it, in any case.</summary>
    public static bool LooksSecret(string name) => Words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
