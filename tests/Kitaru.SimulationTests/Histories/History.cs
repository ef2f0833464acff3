using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kitaru.Core;

namespace Kitaru.SimulationTests.Histories;

/// <summary>What one run left behind: enough to make any later engine go through it again.</summary>
public sealed record History
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The flow's method in <see cref="HistoryFlows"/>.</summary>
    public required string Flow { get; init; }

    public required Guid Execution { get; init; }

    public required long Seed { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required string Inputs { get; init; }

    public required IReadOnlyList<JournalEntry> Journal { get; init; }

    public required ExecutionStatus Status { get; init; }

    /// <summary>The result as JSON or text, or the failure's message.</summary>
    public required string Outcome { get; init; }

    public static History Read(string path) => JsonSerializer.Deserialize<History>(File.ReadAllText(path), Json)!;

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, Json).ReplaceLineEndings("\n") + "\n");

    /// <summary>A flow's outcome in one line.</summary>
    public static string OutcomeOf(ExecutionRecord execution) =>
        execution.Result?.Inline is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : execution.Failure?.Message ?? "";
}
