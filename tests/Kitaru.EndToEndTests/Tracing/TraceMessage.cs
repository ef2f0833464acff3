using System.Text;

namespace Kitaru.EndToEndTests.Tracing;

/// <summary>Reads as much of an OTLP message of spans as tests look at (opentelemetry/proto/trace/v1/trace.proto).</summary>
internal static class TraceMessage
{
    private const int Varint = 0;
    private const int EightBytes = 1;
    private const int Delimited = 2;
    private const int FourBytes = 5;

    public static IEnumerable<Span> Read(ReadOnlyMemory<byte> message) =>
        from resourceSpans in In(message, 1)
        let service = In(resourceSpans, 1).Select(resource => Attribute(resource, 1, "service.name")).FirstOrDefault() ?? ""
        from scopeSpans in In(resourceSpans, 2)
        from span in In(scopeSpans, 2)
        select new Span(Hex(span, 1), Hex(span, 2), Hex(span, 4), Texts(span, 5), service, Attribute(span, 9, "kitaru.execution.id"));

    private static string? Attribute(ReadOnlyMemory<byte> message, int field, string key) =>
        In(message, field).Where(pair => Texts(pair, 1) == key).SelectMany(pair => In(pair, 2)).Select(value => Texts(value, 1)).FirstOrDefault();

    private static string Hex(ReadOnlyMemory<byte> message, int field) => In(message, field).Select(bytes => Convert.ToHexStringLower(bytes.Span)).FirstOrDefault() ?? "";

    private static string Texts(ReadOnlyMemory<byte> message, int field) => In(message, field).Select(bytes => Encoding.UTF8.GetString(bytes.Span)).FirstOrDefault() ?? "";

    /// <summary>The messages, texts or bytes in a field; numbers are passed over.</summary>
    private static List<ReadOnlyMemory<byte>> In(ReadOnlyMemory<byte> message, int field)
    {
        var found = new List<ReadOnlyMemory<byte>>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Number(message.Span, ref at);
            switch ((int)(tag & 7))
            {
                case Varint:
                    Number(message.Span, ref at);
                    break;
                case EightBytes:
                    at += 8;
                    break;
                case FourBytes:
                    at += 4;
                    break;
                case Delimited:
                    var length = (int)Number(message.Span, ref at);
                    if ((int)(tag >> 3) == field)
                        found.Add(message.Slice(at, length));
                    at += length;
                    break;
                case var other:
                    throw new InvalidDataException($"A field of kind {other} is no protobuf of today.");
            }
        }
        return found;
    }

    private static ulong Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        var number = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            number |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return number;
        }
    }
}
