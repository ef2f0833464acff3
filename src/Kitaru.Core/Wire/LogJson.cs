using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Kitaru.Core.Wire;

/// <summary>Log lines on the wire (runtime.md 1.6 and 8.2).</summary>
public static class LogJson
{
    /// <summary>What a listing without lines says.</summary>
    public const string NoEntries = "No log entries found.";

    /// <summary>message, and where known: level, timestamp, source, checkpoint_name, module.</summary>
    public static JsonObject Of(LogEntry entry)
    {
        var json = new JsonObject { ["message"] = entry.Message };
        if (entry.Level is { Length: > 0 } level)
            json["level"] = level;
        json["timestamp"] = WireTime.Text(entry.Timestamp);
        json["source"] = entry.Source;
        if (entry.Checkpoint is { Length: > 0 } checkpoint)
            json["checkpoint_name"] = checkpoint;
        if (entry.Module is { Length: > 0 } module)
            json["module"] = module;
        return json;
    }

    /// <summary><c>2026-06-16T08:30:01+00:00 INFO [fetch] fetched 3 rows</c>; parts that are not known are left out.</summary>
    public static string Line(LogEntry entry)
    {
        Span<char> time = stackalloc char[WireTime.CharsMax];
        var line = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[512]);
        line.AppendFormatted(time[..WireTime.Write(entry.Timestamp, time)]);
        if (entry.Level is { Length: > 0 } level)
        {
            line.AppendLiteral(" ");
            line.AppendLiteral(level.ToUpperInvariant());
        }
        if (entry.Checkpoint is { Length: > 0 } checkpoint)
        {
            line.AppendLiteral(" [");
            line.AppendLiteral(checkpoint);
            line.AppendLiteral("]");
        }
        line.AppendLiteral(" ");
        line.AppendLiteral(entry.Message);
        return line.ToStringAndClear();
    }

    /// <summary>One line per entry, or <see cref="NoEntries"/>.</summary>
    public static string Lines(IReadOnlyList<LogEntry> entries) =>
        entries.Count == 0 ? NoEntries : string.Join('\n', entries.Select(Line));
}
