using System.Text.Json;
using System.Text.RegularExpressions;
using Kitaru.Core;

namespace Kitaru.Server.Requests;

/// <summary>What is wrong with a body, and where; the reader's own texts name .NET types.</summary>
internal static partial class JsonProblems
{
    private const int CharsMax = 300;

    public static string Describe(JsonException error)
    {
        var place = error.Path is null or "$" ? "The body" : $"The member {Texts.Short(error.Path, 120)}";
        var end = error.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        var text = end < 0 ? error.Message : error.Message[..end];
        if (Unknown().Match(text) is { Success: true })
            return $"{place} is not known here.";
        if (Required().Match(text) is { Success: true } missing)
            return $"{place} lacks {Texts.Short(missing.Groups[1].Value, CharsMax)}.";
        if (Twice().Match(text) is { Success: true } twice)
            return $"{place} names '{Texts.Short(twice.Groups[1].Value, 80)}' twice.";
        if (text.StartsWith("The JSON value could not be converted to", StringComparison.Ordinal))
            return $"{place} has a value of another type than it must have.";
        return $"{place} is not as it must be: {Texts.Short(text, CharsMax)}";
    }

    [GeneratedRegex("could not be mapped to any .NET member")]
    private static partial Regex Unknown();

    [GeneratedRegex("^Duplicate property '(.*?)' encountered")]
    private static partial Regex Twice();

    [GeneratedRegex("was missing required properties including: (.*?)\\.?$")]
    private static partial Regex Required();
}
