using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Configuration;
using Kitaru.Core.Json;

namespace Kitaru.Core;

/// <summary>How to log in at a provider (platform.md 2.3).</summary>
/// <param name="Method">The form, for example <c>aws-profile</c>; <c>implicit</c> for what the environment has.</param>
/// <param name="Profile">The name of a profile, which is no secret.</param>
/// <param name="Secrets">What must not be shown, by name; empty for forms without.</param>
public sealed record StackCredentials(string Method, string? Profile, IReadOnlyDictionary<string, string> Secrets)
{
    /// <summary>What the environment has.</summary>
    public const string Implicit = "implicit";
    private const string ServiceAccount = "gcp-service-account";
    private const int KeyFileBytesMax = 64 * 1024;

    private static readonly Dictionary<string, string[]> None = [];

    // Method to the names of its parts; the last part takes all that is left.
    private static readonly Dictionary<string, Dictionary<string, string[]>> Forms = new()
    {
        [StackProvider.Aws] = new(StringComparer.OrdinalIgnoreCase)
        {
            ["aws-profile"] = ["PROFILE"],
            ["aws-access-keys"] = ["ID", "SECRET"],
            ["aws-session-token"] = ["ID", "SECRET", "TOKEN"],
        },
        [StackProvider.Gcp] = new(StringComparer.OrdinalIgnoreCase) { [ServiceAccount] = ["/path/key.json"] },
        [StackProvider.Azure] = new(StringComparer.OrdinalIgnoreCase)
        {
            ["azure-service-principal"] = ["TENANT", "CLIENT", "SECRET"],
            ["azure-access-token"] = ["TOKEN"],
        },
    };

    /// <summary>Reads them; a key file is read at once. No error repeats any part of the text.</summary>
    public static StackCredentials Parse(string? text, string provider)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text) || (provider == StackProvider.Azure && text.Equals(Implicit, StringComparison.OrdinalIgnoreCase)))
            return new StackCredentials(Implicit, null, new Dictionary<string, string>());
        var forms = Forms.GetValueOrDefault(provider, None);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var method = (colon < 0 ? text : text[..colon]).Trim().ToLowerInvariant();
        if (method == "aws-access-key")
            method = "aws-access-keys";
        if (!forms.TryGetValue(method, out var names))
        {
            var other = Forms.FirstOrDefault(pair => pair.Value.ContainsKey(method)).Key;
            throw Error(provider, forms, other is null ? "another form" : $"a form for {other} ({method})");
        }
        var parts = colon < 0 ? [] : text[(colon + 1)..].Split(':', names.Length, StringSplitOptions.TrimEntries);
        if (parts.Length != names.Length || parts.Any(part => part.Length == 0))
            throw Error(provider, forms, $"{method} with {parts.Count(part => part.Length > 0)} of {names.Length} parts");
        if (method == "aws-profile")
            return new StackCredentials(method, parts[0], new Dictionary<string, string>());
        return new StackCredentials(method, null, method == ServiceAccount
            ? new Dictionary<string, string> { ["service_account_json"] = ReadKey(parts[0]) }
            : names.Zip(parts).ToDictionary(pair => pair.First.ToLowerInvariant(), pair => pair.Second));
    }

    private static string ReadKey(string path)
    {
        string why;
        try
        {
            var text = SmallFile.ReadText(path, KeyFileBytesMax);
            if (KitaruJson.Parse(text) is JsonObject)
                return text;
            why = "it is not a JSON object";
        }
        catch (JsonException)
        {
            why = "it is not JSON";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            why = fault.Message;
        }
        throw KeyFile(path, why);
    }

    private static KitaruUsageException KeyFile(string path, string why) =>
        new($"The key file '{Texts.Short(path)}' of credentials cannot be used: {Texts.Short(why)}.", "Give the path of a service account's key in JSON that this user may read.")
        {
            Details = new JsonObject { ["argument"] = "credentials", ["expected"] = "a readable JSON file", ["got"] = Texts.Short(path) },
        };

    private static KitaruUsageException Error(string provider, Dictionary<string, string[]> forms, string got)
    {
        List<string> expected = [.. forms.Select(form => $"{form.Key}:{string.Join(':', form.Value)}")];
        if (provider == StackProvider.Azure)
            expected.Insert(0, Implicit);
        return SettingsError.Of("credentials", "", $"nothing, or a form for {provider}: {string.Join(" or ", expected)}", got, $"\"{expected[^1]}\"");
    }
}
