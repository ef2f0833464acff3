using System.Globalization;
using Kitaru.Core;

namespace Kitaru.Client.Settings;

/// <summary>Settings from environment variables (platform.md 4.5).</summary>
internal static class EnvironmentLayer
{
    public const string Stack = "KITARU_STACK";
    public const string Cache = "KITARU_CACHE";
    public const string Retries = "KITARU_RETRIES";
    public const string Image = "KITARU_IMAGE";

    /// <summary>The name KITARU_STACK had before.</summary>
    public const string Legacy = "KITARU_RUNNER";

    private static readonly string[] Yes = ["1", "true", "t", "yes", "y", "on"];
    private static readonly string[] No = ["0", "false", "f", "no", "n", "off"];

    public static SettingsLayer Read(Func<string, string?> environment)
    {
        ThrowIfLegacy(environment);
        var settings = new ExecutionSettings
        {
            Stack = Value(environment, Stack, "the name or id of a stack", "default"),
            Cache = Value(environment, Cache, "true or false", "true") is { } cache ? Flag(cache) : null,
            Retries = Value(environment, Retries, "a whole number of at least 0", "2") is { } retries ? Count(retries) : null,
            Image = Value(environment, Image, "an image's name or a JSON object", """{"environment": {"REGION": "eu"}}""") is { } image
                ? ImageSettings.ParseText(image, Image)
                : null,
        };
        return new SettingsLayer("the environment", settings);
    }

    /// <exception cref="KitaruUsageException">The variable still has its old name.</exception>
    public static void ThrowIfLegacy(Func<string, string?> environment)
    {
        if (!string.IsNullOrWhiteSpace(environment(Legacy)))
        {
            throw new KitaruUsageException($"{Legacy} is set; it is called {Stack} now.", $"Unset {Legacy} and set {Stack} instead.")
            {
                Details = new() { ["argument"] = Legacy, ["expected"] = Stack },
            };
        }
    }

    /// <summary>Set and blank is a mistake in a script, not a wish.</summary>
    private static string? Value(Func<string, string?> environment, string name, string expected, string example)
    {
        if (environment(name) is not { } text)
            return null;
        return string.IsNullOrWhiteSpace(text) ? throw SettingsError.Of(name, "", expected, "a blank text", example) : text.Trim();
    }

    private static bool Flag(string text) =>
        Yes.Contains(text, StringComparer.OrdinalIgnoreCase) ? true
        : No.Contains(text, StringComparer.OrdinalIgnoreCase) ? false
        : throw SettingsError.Of(Cache, "", $"one of {string.Join(", ", Yes)}, {string.Join(", ", No)}", $"'{Texts.Short(text, 80)}'", "true");

    private static int Count(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        ? count
        : throw SettingsError.Of(Retries, "", "a whole number of at least 0", $"'{Texts.Short(text, 80)}'", "2");
}
