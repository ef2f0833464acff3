using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kitaru.EndToEndTests.Prompts;

/// <summary>
/// What an assistant did that was given a prompt of the contract (mcp-page.md) and the tool list, and nothing else. Ids are replaced by names
/// such as <c>{{exec:waiting}}</c>.
/// </summary>
/// <param name="Prompt">The user's words.</param>
/// <param name="Calls">Its calls in order.</param>
/// <param name="Answer">What it told the user.</param>
internal sealed record Transcript(string Prompt, IReadOnlyList<TranscriptCall> Calls, string Answer)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static Transcript Read(string name) => JsonSerializer.Deserialize<Transcript>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Prompts", "Transcripts", name + ".json")), Options)!;
}

/// <param name="Tool">The tool.</param>
/// <param name="Arguments">What it was given.</param>
/// <param name="IsError">It was told what was wrong, and called again.</param>
/// <param name="Result">The beginning of what it was answered, for readers.</param>
internal sealed record TranscriptCall(string Tool, JsonObject Arguments, bool IsError, string Result);
