using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Kitaru.Core.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Kitaru.Mcp.Hosting;

/// <summary>
/// Messages as lines. They are read by another transport; written are they here: outside any lock, a tool's answer as the bytes it is, and what is ready at the same time in one go.
/// </summary>
/// <param name="incoming">Reads messages.</param>
/// <param name="output">Where lines go.</param>
internal sealed class LineTransport(ITransport incoming, Stream output) : ITransport, IThreadPoolWorkItem
{
    /// <summary>Memory that is kept from one write to the next.</summary>
    private const int KeptBytesMax = 1 << 20;

    /// <summary>What may lie ready while something else is written; whoever sends more than that waits until it has gone.</summary>
    private const int WaitingBytesMax = 1 << 18;

    /// <summary>Lines that are made at the same time; as many calls as there are usually in flight.</summary>
    private const int SpareMax = 8;

    /// <summary>How long the last answers wait for a client that does not read.</summary>
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<ArrayBufferWriter<byte>> _spare = [];
    private ArrayBufferWriter<byte> _gathering = new(4096);
    private ArrayBufferWriter<byte> _writing = new(4096);
    private TaskCompletionSource _gathered = NewRound();
    private TaskCompletionSource _leaving = NewRound();
    private IOException? _fault;
    private bool _busy;

    /// <summary>Reads lines here too.</summary>
    public static LineTransport Over(Stream input, Stream output)
    {
        var lines = new LineInput(input);
        var transport = new LineTransport(lines, output);
        lines.Start(error => _ = transport.SendMessageAsync(error));
        return transport;
    }

    public string? SessionId => incoming.SessionId;

    public ChannelReader<JsonRpcMessage> MessageReader => incoming.MessageReader;

    public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_spare.TryDequeue(out var line))
            line = new ArrayBufferWriter<byte>(4096);
        if (!WrittenResults.TryWrite(message, line))
        {
            using var writer = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = KitaruJson.Options.Encoder });
            JsonSerializer.Serialize(writer, message, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage)));
        }
        line.Write("\n"u8);
        var gone = Gather(line);
        line.ResetWrittenCount();
        if (line.Capacity <= KeptBytesMax && _spare.Count < SpareMax)
            _spare.Enqueue(line);
        return gone;
    }

    /// <summary>What was answered goes out first, if the client takes it.</summary>
    public async ValueTask DisposeAsync()
    {
        await incoming.DisposeAsync();
        Task last;
        lock (_gate)
            last = !_busy ? Task.CompletedTask : _gathering.WrittenCount > 0 ? _gathered.Task : _leaving.Task;
        await last.WaitAsync(LastWait, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static TaskCompletionSource NewRound() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Puts a line to the others; whoever finds nobody writing writes, and takes along what the others bring meanwhile.</summary>
    private Task Gather(ArrayBufferWriter<byte> line)
    {
        Task written;
        lock (_gate)
        {
            if (_fault is not null)
                return Task.FromException(_fault);
            _gathering.Write(line.WrittenSpan);
            written = _gathered.Task;
            if (_busy)
                return _gathering.WrittenCount > WaitingBytesMax ? written : Task.CompletedTask;
            _busy = true;
        }
        // Where other calls are about to run, their answers go along: a write, which wakes the client, costs as much as a short call.
        if (ThreadPool.PendingWorkItemCount > 0 && Thread.CurrentThread.IsThreadPoolThread)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        else
            WriteRounds();
        return written;
    }

    /// <summary>Behind what was about to run.</summary>
    void IThreadPoolWorkItem.Execute() => WriteRounds();

    private void WriteRounds()
    {
        while (true)
        {
            TaskCompletionSource written;
            lock (_gate)
            {
                if (_gathering.WrittenCount == 0)
                {
                    _busy = false;
                    return;
                }
                _leaving = written = _gathered;
                _gathered = NewRound();
                (_gathering, _writing) = (_writing, _gathering);
            }
            try
            {
                // Standard output has no writing without a thread that waits for it; this one is there already.
                output.Write(_writing.WrittenSpan);
                output.Flush();
                written.SetResult();
            }
            catch (Exception fault) when (fault is IOException or ObjectDisposedException or UnauthorizedAccessException or NotSupportedException)
            {
                // Nobody reads any more: the session is about to end.
                var gone = new IOException("The client is gone.", fault);
                lock (_gate)
                    _fault = gone;
                written.SetException(gone);
                _ = written.Task.Exception;
            }
            if (_writing.Capacity > KeptBytesMax)
                _writing = new ArrayBufferWriter<byte>(4096);
            _writing.ResetWrittenCount();
        }
    }
}
