using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.Client.Status;

/// <summary>Environment variables as people and assistants see them: without secrets.</summary>
internal static class ShownVariable
{
    private const int ShownMax = 8;
    private const string ImageVariable = "KITARU_IMAGE";

    /// <summary>A variable's value, or of a secret its first characters: at most half of it, so that a short one stays secret.</summary>
    public static string Of(string name, string value)
    {
        if (name == ImageVariable)
            return Image(value);
        if (!SecretNames.LooksSecret(name))
            return Uri.TryCreate(value, UriKind.Absolute, out var address) && address.UserInfo.Length > 0 ? value.Replace(address.UserInfo, SecretNames.Mask, StringComparison.Ordinal) : value;
        return value.Length >= 2 * ShownMax ? value[..ShownMax] + SecretNames.Mask : SecretNames.Mask;
    }

    /// <summary>Variables stand in it, and some of them are secret.</summary>
    private static string Image(string value)
    {
        try
        {
            return KitaruJson.Write(ImageSettings.ParseText(value, ImageVariable).Redacted().ToJson());
        }
        catch (KitaruUsageException)
        {
            return SecretNames.Mask;
        }
    }
}
