using System.Text;
using System.Text.Json;
using Kitaru.Core;
using Kitaru.Core.Http;

namespace Kitaru.Server.Events;

/// <summary>
/// What a listener has been told. It travels as the id of each event and comes back as <c>Last-Event-ID</c>, so that any server can go on where another one stopped; none keeps
/// anything about a listener.
/// </summary>
internal sealed record EventCursor
{
    private const int CharsMax = 24 * 1024;

    /// <summary>The last line of the log.</summary>
    public long Log { get; init; }

    /// <summary>The last recorded call.</summary>
    public long Seq { get; init; }

    /// <summary>When the latest of the told calls ended. A retry gives numbers of forgotten calls out again; what is recorded then ended later.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The told status, with what tells one stay in it from another.</summary>
    public string Status { get; init; } = "";

    /// <summary>The told waits, and where each stood.</summary>
    public IReadOnlyDictionary<string, WaitStatus> Waits { get; init; } = new Dictionary<string, WaitStatus>();

    public override string ToString() => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(this, WireJson.Strict));

    /// <exception cref="KitaruUsageException">It is none.</exception>
    public static EventCursor Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return new EventCursor();
        try
        {
            if (text.Length <= CharsMax && JsonSerializer.Deserialize<EventCursor>(Encoding.UTF8.GetString(Convert.FromBase64String(text)), WireJson.Strict) is { Waits: not null, Status: not null } cursor)
                return cursor;
        }
        catch (Exception fault) when (fault is FormatException or JsonException)
        {
            // Answered below.
        }
        throw new KitaruUsageException("Last-Event-ID is not the id of an event of this stream.", "Send the id of the last event that arrived, or none to hear everything from the beginning.");
    }
}
