using System.Text;

namespace Kitaru.Worker;

/// <summary>Writes to a standard stream as it is at present: .NET's own writers keep the file they were opened on.</summary>
internal sealed class StandardWriter(Func<Stream> open) : TextWriter
{
    private readonly Lock _gate = new();
    private StreamWriter? _writer;

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>What is written from now on goes where the stream now leads.</summary>
    public void Reopen()
    {
        lock (_gate)
            _writer = null;
    }

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        lock (_gate)
            (_writer ??= new StreamWriter(open()) { AutoFlush = true }).Write(buffer);
    }

    public override void WriteLine() => Write("\n");

    public override void WriteLine(string? value) => Write(value + "\n");
}
