using Kitaru.Core;

namespace Kitaru.Client.Status;

/// <summary>Keeps secrets out of what people and assistants see.</summary>
internal static class SecretMask
{
    private const int ShownMax = 8;

    /// <summary>A variable's value, or of a secret its first characters: at most half of it, so that a short one stays secret.</summary>
    public static string Shown(string name, string value)
    {
        if (!SecretNames.LooksSecret(name))
            return value;
        return value.Length >= 2 * ShownMax ? value[..ShownMax] + SecretNames.Mask : SecretNames.Mask;
    }
}
