using System.Text.RegularExpressions;

namespace Kitaru.UnitTests.Repository;

/// <summary>Words that must not be committed, each with its reason.</summary>
internal static class TextRules
{
    /// <summary>A pattern, why it may not stand anywhere, and the files where it may.</summary>
    private sealed record Ban(Regex Pattern, string Why, Func<RepositoryFile, bool> Applies);

    // Taken apart, so that this file passes its own rule.
    private static readonly Ban[] Bans =
    [
        New("TO" + @"DO\b|FIX" + @"ME\b|\bXX" + "X\\b", "finish it, or write an issue", _ => true),
        New(@"\bNot" + "ImplementedException", "a stub is not done", IsCode),
        New(@"\bThread\.Sl" + @"eep\b", "wait for a condition", file => IsCode(file) && !file.Path.StartsWith("eng/", StringComparison.Ordinal) && !IsSampleOfWrongCode(file)),
        New(@"\bSk" + @"ip\s*=\s*""", "a test that does not run proves nothing", IsTest),
        New(@"(?<![\w.])/(home|Users|root|work|mnt|private)/\w", "a path of one machine", _ => true),
        New(@"\b[A-Z]:\\+Users\\", "a path of one machine", _ => true),
        New(@"\b(clau" + "de|cod" + "ex|copi" + "lot|chat" + "gpt)\\b", "name no particular assistant outside of the pages that tell how to connect one", MustNotNameAssistants),
    ];

    public static IEnumerable<string> Check(IEnumerable<RepositoryFile> files) =>
        from file in files
        where file.Extension is not (".json" or ".txt") || file.Path.StartsWith("eng/", StringComparison.Ordinal)
        from line in file.Lines
        from ban in Bans
        where ban.Applies(file) && ban.Pattern.IsMatch(line.Text)
        select $"{file.Path}:{line.Number}: '{ban.Pattern.Match(line.Text).Value}': {ban.Why}.";

    private static Ban New(string pattern, string why, Func<RepositoryFile, bool> applies) =>
        new(new Regex(pattern, RegexOptions.CultureInvariant | (why.StartsWith("name no", StringComparison.Ordinal) ? RegexOptions.IgnoreCase : 0)), why, applies);

    private static bool IsCode(RepositoryFile file) => file.Extension == ".cs";

    /// <summary>The analyzers' tests hold what the analyzers refuse.</summary>
    private static bool IsSampleOfWrongCode(RepositoryFile file) => file.Path.StartsWith("tests/Kitaru.UnitTests/Generators/", StringComparison.Ordinal);

    private static bool IsTest(RepositoryFile file) => IsCode(file) && file.Path.StartsWith("tests/", StringComparison.Ordinal);

    private static bool MustNotNameAssistants(RepositoryFile file) =>
        file.Path != "README.md" && !file.Path.StartsWith("docs/", StringComparison.Ordinal) && !file.Path.EndsWith("/OwnAssistant.cs", StringComparison.Ordinal) && !file.Path.EndsWith("/QuickstartTests.cs", StringComparison.Ordinal)
        && file.Path != "src/Kitaru.Cli/Mcp/InstallCommand.cs";
}
