using Kitaru.Core;
using Kitaru.Secrets;

namespace Kitaru.Engine;

/// <summary>
/// Lines of one execution on their way to the store. Writers never wait; lines go out in batches, in order, one batch at a time.
/// </summary>
internal sealed class ExecutionLog(ILogs logs, ExecutionId id, TimeProvider time, KnownSecrets secrets)
{
    private const int LinesPerBatchMax = 2000;
    private const int LinesHeldMax = 1_000_000;
    private const int MessageCharsMax = 64 * 1024;

    private readonly Lock _gate = new();
    private List<LogEntry> _lines = [];
    private long _dropped;
    private Task _sending = Task.CompletedTask;

    public void Add(string level, string message, string? checkpoint, string? module, string source = "step")
    {
        // Before it is cut: half a value is one too many.
        if (secrets.All is { } mask)
            (message, module) = (mask.Apply(message), module is null ? null : mask.Apply(module));
        var entry = new LogEntry
        {
            Message = message.Length <= MessageCharsMax ? message : message[..MessageCharsMax] + "… cut",
            Level = level,
            Timestamp = time.GetUtcNow(),
            Source = source,
            Checkpoint = checkpoint,
            Module = module,
        };
        lock (_gate)
        {
            if (_lines.Count < LinesHeldMax)
                _lines.Add(entry);
            else
                _dropped++;
        }
    }

    /// <summary>Sends what has gathered; the returned task ends when it is stored.</summary>
    public Task FlushAsync()
    {
        lock (_gate)
        {
            if (_lines.Count == 0)
                return _sending;
            var lines = _lines;
            _lines = [];
            if (_dropped > 0)
            {
                lines.Add(lines[^1] with { Level = "WARNING", Message = $"{_dropped} lines were dropped: the flow printed faster than they could be stored." });
                _dropped = 0;
            }
            return _sending = SendAsync(_sending, lines);
        }
    }

    private async Task SendAsync(Task before, List<LogEntry> lines)
    {
        await before.ConfigureAwait(false);
        foreach (var batch in lines.Chunk(LinesPerBatchMax))
        {
            try
            {
                await logs.AppendAsync(id, batch).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Output is best effort: whatever a store says of lines must not keep an execution from ending.
            catch (Exception)
#pragma warning restore CA1031
            {
                return;
            }
        }
    }
}
