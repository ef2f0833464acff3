using Kitaru.Core;

namespace Kitaru.ControlPlane.Access;

/// <summary>What names and numbers may be.</summary>
internal static class AccessRules
{
    public const int RetainMinutesMax = 365 * 24 * 60;

    private const int NameCharsMax = 256;
    private const int TextCharsMax = 2000;
    private const int ProjectCharsMax = 64;

    /// <summary>A project's name stands in addresses, headers and variables.</summary>
    public static string ProjectName(string? name)
    {
        var text = name?.Trim() ?? "";
        return text.Length is >= 1 and <= ProjectCharsMax && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_') && !Guid.TryParse(text, out _)
            ? text
            : throw Error("name", $"1 to {ProjectCharsMax} lower-case letters, digits, '-' and '_', and no id", text, "team-a");
    }

    /// <summary>The name of an account or a key.</summary>
    public static string Name(string? name)
    {
        var text = name?.Trim() ?? "";
        // Names stand in addresses.
        return text.Length is >= 1 and <= NameCharsMax && !text.Any(letter => char.IsControl(letter) || letter is '/' or '\\') && text is not ("." or "..") && !Guid.TryParse(text, out _)
            ? text
            : throw Error("name", $"one line of 1 to {NameCharsMax} characters without '/' and '\\', and no id", text, "nightly-pipeline");
    }

    /// <summary>A text for people.</summary>
    public static string? Text(string what, string? text) =>
        text is null || text.Length <= TextCharsMax ? text : throw Error(what, $"at most {TextCharsMax} characters", $"{text.Length}", "…");

    public static AccessQuery Query(AccessQuery query)
    {
        if (query.Page is < 1 or > 1_000_000)
            throw Error("page", "a number from 1 to 1000000", $"{query.Page}", "1");
        if (query.Size is < 1 or > AccessQuery.SizeMax)
            throw Error("size", $"a number from 1 to {AccessQuery.SizeMax}", $"{query.Size}", "20");
        return query with { Name = string.IsNullOrWhiteSpace(query.Name) ? null : query.Name.Trim() };
    }

    public static int RetainMinutes(int minutes) =>
        minutes is >= 0 and <= RetainMinutesMax ? minutes : throw Error("retain_minutes", $"a number from 0 to {RetainMinutesMax}", $"{minutes}", "60");

    /// <summary>A name or id that somebody asks for.</summary>
    public static string Given(string what, string? nameOrId) =>
        string.IsNullOrWhiteSpace(nameOrId) ? throw new KitaruUsageException($"The name of the {what} is blank.", $"Name the {what}, or give its id.") : nameOrId.Trim();

    public static KitaruUsageException Error(string argument, string expected, string got, string example) => new(
        $"{argument}: expected {expected}, got '{Texts.Short(got, 80)}'.", $"Write for example {argument}={example}.")
    {
        Details = new() { ["argument"] = argument, ["expected"] = expected, ["got"] = Texts.Short(got, 80), ["example"] = example },
    };

    public static KitaruNotFoundException Missing(string what, string nameOrId) => new(
        $"There is no {what} '{Texts.Short(nameOrId, 80)}'; nothing was changed.", $"List what there is, and name one exactly or by its id.");

    public static KitaruStateException Taken(string what, string name) => new(
        $"There is a {what} named '{Texts.Short(name, 80)}' already; nothing was changed.", "Take another name, or use the one there is.");
}
