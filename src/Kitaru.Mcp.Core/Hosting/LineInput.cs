using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Kitaru.Mcp.Hosting;

/// <summary>
/// Reads messages as lines, on a thread of its own that also hands them on: standard input cannot be waited for without a thread, and each change of threads costs as much as a short call.
/// </summary>
/// <param name="input">Where lines come from.</param>
internal sealed class LineInput(Stream input) : ITransport
{
    private const int BufferBytes = 1 << 16;

    /// <summary>A line that is longer ends the session: nothing that a tool takes is nearly as large.</summary>
    private const int LineBytesMax = 1 << 28;

    private static readonly byte[] White = " \t\r"u8.ToArray();

    // Whoever takes messages begins each one on a thread of the pool, so nothing but the taking happens on the reading thread.
    private readonly Channel<JsonRpcMessage> _messages = Channel.CreateUnbounded<JsonRpcMessage>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true, AllowSynchronousContinuations = true });

    private volatile bool _ended;

    /// <summary>Begins to read.</summary>
    /// <param name="refuse">Sends what is answered to a line with an id that is no message.</param>
    public void Start(Action<JsonRpcError> refuse) =>
        // In the background: a read that nothing comes for keeps no process alive.
        new Thread(() => Read(refuse)) { IsBackground = true, Name = "kitaru-mcp input" }.Start();

    public string? SessionId => null;

    public ChannelReader<JsonRpcMessage> MessageReader => _messages.Reader;

    /// <exception cref="NotSupportedException">Always: it only reads.</exception>
    public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) => throw new NotSupportedException("It only reads.");

    public ValueTask DisposeAsync()
    {
        _ended = true;
        _messages.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    private void Read(Action<JsonRpcError> refuse)
    {
        try
        {
            ReadLines(refuse);
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // There is nobody at the other end any more.
        }
        // What ends with the session is not this thread's.
        ThreadPool.QueueUserWorkItem(_ => _messages.Writer.TryComplete());
    }

    private void ReadLines(Action<JsonRpcError> refuse)
    {
        var (buffer, start, end) = (new byte[BufferBytes], 0, 0);
        while (!_ended)
        {
            if (end == buffer.Length)
            {
                if (end - start >= LineBytesMax)
                    throw new IOException($"A line is longer than {LineBytesMax} bytes.");
                var roomier = start > buffer.Length / 2 ? buffer : new byte[buffer.Length * 2];
                buffer.AsSpan(start, end - start).CopyTo(roomier);
                (buffer, start, end) = (roomier, 0, end - start);
            }
            var read = input.Read(buffer, end, buffer.Length - end);
            var looked = end;
            end += read;
            for (int at; (at = buffer.AsSpan(looked, end - looked).IndexOf((byte)'\n')) >= 0; looked = start)
            {
                Take(buffer.AsSpan(start, looked + at - start), refuse);
                start = looked + at + 1;
            }
            if (read == 0)
            {
                Take(buffer.AsSpan(start, end - start), refuse);
                return;
            }
            if (start == end)
                (buffer, start, end) = (buffer.Length > BufferBytes ? new byte[BufferBytes] : buffer, 0, 0);
        }
    }

    private void Take(ReadOnlySpan<byte> line, Action<JsonRpcError> refuse)
    {
        if (line.Trim(White).IsEmpty)
            return;
        try
        {
            if (JsonSerializer.Deserialize(line, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage))) is JsonRpcMessage message)
                _messages.Writer.TryWrite(message);
        }
        catch (JsonException)
        {
            // Of what has no id nobody waits for an answer; the next line may be a message.
            if (IdOf(line) is { } id)
                refuse(new JsonRpcError { Id = id, Error = new JsonRpcErrorDetail { Code = (int)McpErrorCode.ParseError, Message = "Failed to parse the JSON-RPC request." } });
        }
    }

    private static RequestId? IdOf(ReadOnlySpan<byte> line)
    {
        try
        {
            return (JsonNode.Parse(line) as JsonObject)?["id"] is not JsonValue id ? null
                : id.TryGetValue<long>(out var number) ? new RequestId(number)
                : id.TryGetValue<string>(out var text) ? new RequestId(text) : null;
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
