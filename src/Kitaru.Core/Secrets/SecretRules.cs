using System.Text;

namespace Kitaru.Core;

/// <summary>What a secret may look like (platform.md 3.1). No message repeats a value, or a key that may be a value in the wrong place.</summary>
internal static class SecretRules
{
    public const int NameCharsMax = 256;
    public const int KeysMax = 64;
    public const int KeyCharsMax = 256;
    public const int ValueBytesMax = 64 * 1024;

    private const string Shape = "values looks like {\"API_KEY\": \"…\"}.";
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The name without blanks around it.</summary>
    public static string CheckName(string name)
    {
        var trimmed = name?.Trim() ?? "";
        if (trimmed.Length == 0)
            throw new KitaruUsageException("The name of a secret must not be blank.", "Give it a name such as openai-creds.");
        if (trimmed.Length > NameCharsMax)
            throw new KitaruUsageException($"The name of a secret must have at most {NameCharsMax} characters; it has {trimmed.Length}.", "Give it a shorter name such as openai-creds.");
        if (trimmed.Any(char.IsControl) || !IsUnicode(trimmed))
            throw new KitaruUsageException($"The name of a secret must be one line of text; character {trimmed.TakeWhile(letter => !char.IsControl(letter)).Count() + 1} of {trimmed.Length} is none.", "Give it a name such as openai-creds.");
        if (Guid.TryParse(trimmed, out _))
            throw new KitaruUsageException("The name of a secret must not look like an id, by which secrets are found too.", "Give it a name such as openai-creds.");
        return trimmed;
    }

    public static void CheckValues(IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
            throw new KitaruUsageException("A secret must have at least one value; values is empty.", Shape);
        if (values.Count > KeysMax)
            throw TooMany(values.Count);
        var number = 0;
        foreach (var (key, value) in values)
        {
            number++;
            CheckKey(key, number);
            CheckValue(key, value);
        }
    }

    public static KitaruUsageException TooMany(int count) => new(
        $"A secret must have at most {KeysMax} keys; these would be {count}.", "Put them into several secrets.");

    private static void CheckKey(string key, int number)
    {
        const string rule = "must begin with a letter or _ and go on with letters, digits or _, for it becomes an environment variable";
        if (key.Length is 0 or > KeyCharsMax)
            throw new KitaruUsageException($"Key number {number} of values {rule}, and have 1 to {KeyCharsMax} characters; it has {key.Length}.", Shape);
        for (var i = 0; i < key.Length; i++)
        {
            var fits = key[i] == '_' || char.IsAsciiLetter(key[i]) || (i > 0 && char.IsAsciiDigit(key[i]));
            if (!fits)
                throw new KitaruUsageException($"Key number {number} of values {rule}; its character {i + 1} of {key.Length} is not one of these.", Shape);
        }
    }

    private static void CheckValue(string key, string? value)
    {
        if (string.IsNullOrEmpty(value))
            throw new KitaruUsageException($"The value of '{key}' must not be {(value is null ? "null" : "empty")}.", "Give it a text, or leave the key out.");
        if (!IsUnicode(value) || value.Contains('\0'))
            throw new KitaruUsageException($"The value of '{key}' must be text without NUL characters and unpaired surrogates; it is not.", "Encode bytes, for example in base64.");
        if (Encoding.UTF8.GetByteCount(value) is var bytes and > ValueBytesMax)
            throw new KitaruUsageException($"The value of '{key}' must have at most {ValueBytesMax} bytes; it has {bytes}.", "Keep the text elsewhere and store what unlocks it.");
    }

    private static bool IsUnicode(string text)
    {
        try
        {
            _ = Strict.GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
