using System.Text;
using System.Text.Json;

namespace Kitaru.EndToEndTests.World;

/// <summary>The server's standard output on its way to the client: every line must be a JSON-RPC message.</summary>
internal sealed class WireLog(Stream output) : Stream
{
    private readonly MemoryStream _line = new();
    private readonly MemoryStream _all = new();
    private readonly List<string> _foreign = [];

    /// <summary>Lines that are no JSON-RPC message.</summary>
    public IReadOnlyList<string> Foreign => _foreign;

    /// <summary>Every message, as it came.</summary>
    public string All => Encoding.UTF8.GetString(_all.ToArray());

    /// <summary>Bytes of the longest message.</summary>
    public int Longest { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = output.Read(buffer, offset, count);
        Note(buffer.AsSpan(offset, read));
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await output.ReadAsync(buffer, cancellationToken);
        Note(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Note(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is var end and >= 0)
        {
            _line.Write(bytes[..end]);
            Check(_line.ToArray());
            _line.SetLength(0);
            bytes = bytes[(end + 1)..];
        }
        _line.Write(bytes);
    }

    private void Check(byte[] line)
    {
        _all.Write(line);
        _all.WriteByte((byte)'\n');
        Longest = Math.Max(Longest, line.Length);
        try
        {
            using var message = JsonDocument.Parse(line);
            if (message.RootElement.GetProperty("jsonrpc").GetString() == "2.0")
                return;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Told below.
        }
        _foreign.Add(Encoding.UTF8.GetString(line));
    }
}
