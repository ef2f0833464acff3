using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using Kitaru.Core.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Kitaru.Mcp.Hosting;

/// <summary>
/// Messages as lines. They are read by a transport of the SDK; written are they here: outside any lock, a tool's answer as the bytes it is, and what is ready at the same time in one go.
/// </summary>
/// <param name="incoming">Reads messages.</param>
/// <param name="output">Where lines go.</param>
internal sealed class LineTransport(ITransport incoming, Stream output) : ITransport
{
    /// <summary>Memory that is kept from one write to the next.</summary>
    private const int KeptBytesMax = 1 << 20;

    private readonly Lock _gate = new();
    private ArrayBufferWriter<byte> _gathering = new(4096);
    private ArrayBufferWriter<byte> _writing = new(4096);
    private TaskCompletionSource _gathered = NewRound();
    private bool _busy;

    public string? SessionId => incoming.SessionId;

    public ChannelReader<JsonRpcMessage> MessageReader => incoming.MessageReader;

    public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var line = new ArrayBufferWriter<byte>(1024);
        if (!WrittenResults.TryWrite(message, line))
        {
            using var writer = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = KitaruJson.Options.Encoder });
            JsonSerializer.Serialize(writer, message, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage)));
        }
        line.Write("\n"u8);
        Task written;
        lock (_gate)
        {
            _gathering.Write(line.WrittenSpan);
            written = _gathered.Task;
            // Whoever writes takes it along.
            if (_busy)
                return written;
            _busy = true;
        }
        return WriteAsync(written);
    }

    public ValueTask DisposeAsync() => incoming.DisposeAsync();

    private static TaskCompletionSource NewRound() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WriteAsync(Task own)
    {
        await WriteRoundsAsync();
        await own;
    }

    private async Task WriteRoundsAsync()
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
                written = _gathered;
                _gathered = NewRound();
                (_gathering, _writing) = (_writing, _gathering);
            }
            try
            {
                await output.WriteAsync(_writing.WrittenMemory);
                await output.FlushAsync();
                written.SetResult();
            }
            catch (Exception fault) when (fault is IOException or ObjectDisposedException)
            {
                // Nobody reads any more: the session is about to end.
                written.SetException(new IOException("The client is gone.", fault));
                _ = written.Task.Exception;
            }
            if (_writing.Capacity > KeptBytesMax)
                _writing = new ArrayBufferWriter<byte>(4096);
            _writing.ResetWrittenCount();
        }
    }
}
