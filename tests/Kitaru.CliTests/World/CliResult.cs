using System.Text.Json.Nodes;

namespace Kitaru.CliTests;

/// <summary>What a call of the program left.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error)
{
    /// <summary>The one line of standard output.</summary>
    public JsonObject Json => JsonNode.Parse(Output.TrimEnd('\n').ShouldNotContain('\n', Error))!.AsObject();

    public JsonObject Item => Json["item"]!.AsObject();

    public IReadOnlyList<JsonObject> Items => [.. Json["items"]!.AsArray().Select(item => item!.AsObject())];

    public JsonObject ErrorJson => JsonNode.Parse(Error)!.AsObject();

    public CliResult ShouldSucceed()
    {
        ExitCode.ShouldBe(0, Error);
        return this;
    }

    public CliResult ShouldFail(int exitCode = 1)
    {
        ExitCode.ShouldBe(exitCode, Output + Error);
        Output.ShouldBeEmpty();
        return this;
    }
}

internal static class TextAssertions
{
    public static string ShouldNotContain(this string text, char character, string message)
    {
        text.Contains(character).ShouldBeFalse($"{message}\n{text}");
        return text;
    }
}
