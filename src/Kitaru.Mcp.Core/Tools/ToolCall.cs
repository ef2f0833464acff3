using System.Globalization;
using System.Text.Json.Nodes;
using Kitaru.Mcp.Hosting;

namespace Kitaru.Mcp.Tools;

/// <summary>One call of a tool, its arguments checked.</summary>
/// <param name="Arguments">The arguments with defaults filled in; an optional one that was not given is missing.</param>
/// <param name="Backend">Kitaru.</param>
/// <param name="Caller">Who calls, for the record: <c>mcp:</c> and the client's name.</param>
/// <param name="Progress">Reaches the client while the call runs, if it asked for progress.</param>
/// <param name="Time">The clock.</param>
internal sealed record ToolCall(JsonObject Arguments, Backend Backend, string Caller, IProgress<string> Progress, TimeProvider Time)
{
    /// <summary>Whether the client asked for progress.</summary>
    public bool IsFollowed { get; init; }

    /// <summary>Has the client ask its user; null when that cannot be, or is not to be.</summary>
    public Approvals.UserPrompt? User { get; init; }

    /// <summary>Says what the caller is not told.</summary>
    public Action<string> Diagnose { get; init; } = _ => { };

    private readonly long _start = Time.GetTimestamp();

    /// <summary>What all servers of this store are given for what they seal; null when there is one config directory.</summary>
    public string? SealingSecret { get; init; }

    /// <summary>How long the call has taken so far.</summary>
    public TimeSpan Elapsed => Time.GetElapsedTime(_start);

    public string Text(string name) => Arguments[name]!.GetValue<string>();

    public string? TextOrNull(string name) => Arguments[name]?.GetValue<string>();

    public int Integer(string name) => (int)IntegerOrNull(name)!.Value;

    /// <summary>Whole numbers may arrive as <c>20.0</c>.</summary>
    public long? IntegerOrNull(string name) =>
        Arguments[name] is not { } node ? null : node is JsonValue value && value.TryGetValue(out long whole) ? whole : (long)double.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    public bool Flag(string name) => Arguments[name]!.GetValue<bool>();

    public JsonObject? MapOrNull(string name) => (JsonObject?)Arguments[name];

    public IReadOnlyList<string> Texts(string name) =>
        Arguments[name] is JsonArray items ? [.. items.Select(item => item!.GetValue<string>())] : [];

    public JsonNode? Any(string name) => Arguments[name];

    public ExecutionId ExecutionId(string name) => Kitaru.ExecutionId.Parse(Text(name));

    public DateTimeOffset? TimeOrNull(string name)
    {
        if (TextOrNull(name) is not { } text)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw ArgumentCheck.Error(name, "a time in ISO-8601", Arguments[name], "2026-06-16T08:30:00Z");
    }
}
