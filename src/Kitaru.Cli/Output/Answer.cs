using System.Text.Json.Nodes;
using Kitaru.Cli.Running;

namespace Kitaru.Cli.Output;

/// <summary>What a command answers, for programs and for people.</summary>
internal sealed record Answer
{
    private Answer()
    {
    }

    /// <summary>The item; null for a list, or when all was written already.</summary>
    public JsonNode? Json { get; private init; }

    /// <summary>The list's items on this page.</summary>
    public IReadOnlyList<JsonNode>? Items { get; private init; }

    /// <summary>The same for people, top to bottom.</summary>
    public IReadOnlyList<TextBlock> Text { get; private init; } = [];

    /// <summary>What went wrong beside it; on standard error.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What to do next, as commands or sentences; on standard error, for people only.</summary>
    public IReadOnlyList<string> Hints { get; init; } = [];

    public int ExitCode { get; init; } = CliRunner.Success;

    public static Answer Item(JsonNode json, params TextBlock[] text) => new() { Json = json, Text = text };

    public static Answer List(IEnumerable<JsonNode> items, params TextBlock[] text) => new() { Items = [.. items], Text = text };

    /// <summary>The command has written everything itself.</summary>
    public static Answer Written(int exitCode = CliRunner.Success) => new() { ExitCode = exitCode };
}
