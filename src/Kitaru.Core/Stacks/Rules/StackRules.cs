using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>A request that holds.</summary>
/// <param name="Name">The stack's name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Settings">What is stored of it; nothing secret.</param>
/// <param name="Credentials">How to log in at its provider; null for a local stack.</param>
public sealed record CheckedStackRequest(string Name, string Type, JsonObject Settings, StackCredentials? Credentials);

/// <summary>What a stack must have and must not have (platform.md 2.2).</summary>
public static class StackRules
{
    /// <summary>How many characters a name may have.</summary>
    public const int NameCharsMax = 128;
    private const int TextCharsMax = 1024;

    /// <summary>Checks everything that needs no store; a key file is read at once.</summary>
    /// <exception cref="KitaruUsageException">Something does not fit; the message names it.</exception>
    public static CheckedStackRequest Check(StackRequest request)
    {
        var name = CheckName(request.Name);
        var type = (request.Type ?? "").Trim().ToLowerInvariant();
        if (!StackField.Types.Contains(type, StringComparer.Ordinal))
        {
            var nearest = Texts.DidYouMean(type, StackField.Types);
            throw SettingsError.Of("stack_type", "", $"one of {string.Join(", ", StackField.Types)}", $"'{Texts.Short(request.Type ?? "", 80)}'.{nearest}".TrimEnd('?', '.'), "\"local\"");
        }
        ThrowIfOfAnotherType(request, type);
        ThrowIfMissing(request, type);
        var settings = new JsonObject();
        StackCredentials? credentials = null;
        if (type != StackRecord.LocalType)
        {
            var store = request.ArtifactStore!.Trim();
            settings["provider"] = StackProvider.Of(store, type);
            credentials = StackCredentials.Parse(request.Credentials, settings["provider"]!.ToString());
            foreach (var field in StackField.All.Where(field => field.Name is not ("credentials" or "verify" or "async_mode")))
            {
                if (field.Get(request)?.Trim() is { Length: > 0 } text)
                    settings[field.Name] = CheckText(field.Name, text);
            }
            settings["artifact_store"] = StackProvider.Normalize(store);
            if (type == "kubernetes")
                settings.TryAdd("namespace", "default");
        }
        if (StackExtra.Check(request.Extra, type, request.Async) is { Count: > 0 } extra)
            settings["extra"] = extra;
        return new CheckedStackRequest(name, type, settings, credentials);
    }

    /// <summary>The name without blanks around it.</summary>
    public static string CheckName(string name)
    {
        var trimmed = (name ?? "").Trim();
        var rule = trimmed.Length == 0 ? "a name that is not blank"
            : trimmed.Length > NameCharsMax ? $"a name of at most {NameCharsMax} characters"
            : trimmed.Any(char.IsControl) ? "a name without control characters"
            : Guid.TryParse(trimmed, out _) ? "a name that is not an id"
            : null;
        return rule is null ? trimmed : throw SettingsError.Of("name", "", rule, $"'{Texts.Short(trimmed, 80)}'", "\"local-dev\"");
    }

    private static void ThrowIfOfAnotherType(StackRequest request, string type)
    {
        var narrowest = StackField.All
            .Where(field => field.Get(request) is not null && !field.Takers.Contains(type))
            .GroupBy(field => string.Join(", ", field.Takers))
            .OrderBy(group => group.First().Takers.Count)
            .FirstOrDefault();
        if (narrowest is null)
            return;
        var labels = string.Join(", ", narrowest.Select(field => $"`{field.Name}`"));
        throw new KitaruUsageException(
            $"{labels}: only for stacks of type {narrowest.Key}; this one is of type {type}.",
            $"Leave {labels} out, or choose another stack_type.")
        {
            Details = new JsonObject
            {
                ["argument"] = narrowest.First().Name,
                ["fields"] = new JsonArray([.. narrowest.Select(field => (JsonNode)field.Name)]),
                ["expected"] = $"stack_type {narrowest.Key}",
                ["got"] = type,
            },
        };
    }

    private static void ThrowIfMissing(StackRequest request, string type)
    {
        var missing = StackField.All.Where(field => field.RequiredBy.Contains(type) && string.IsNullOrWhiteSpace(field.Get(request))).ToList();
        if (missing.Count == 0)
            return;
        var labels = string.Join(", ", missing.Select(field => $"`{field.Name}`"));
        throw new KitaruUsageException($"A stack of type {type} needs {labels}.", $"Call again with {labels}; ask the user for what you do not know.")
        {
            Details = new JsonObject
            {
                ["argument"] = missing[0].Name,
                ["missing"] = new JsonArray([.. missing.Select(field => (JsonNode)field.Name)]),
                ["expected"] = "a value",
                ["got"] = "nothing",
            },
        };
    }

    private static string CheckText(string field, string text)
    {
        var rule = text.Length > TextCharsMax ? $"at most {TextCharsMax} characters" : text.Any(char.IsControl) ? "a text without control characters" : null;
        return rule is null ? text : throw SettingsError.Of(field, "", rule, $"'{Texts.Short(text, 80)}'", "\"text\"");
    }
}
