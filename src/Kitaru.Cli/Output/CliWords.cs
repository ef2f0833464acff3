namespace Kitaru.Cli.Output;

/// <summary>Next steps are written once, for assistants, in names of tools; here they are commands.</summary>
internal static class CliWords
{
    public static string Of(string text) => text;
}
