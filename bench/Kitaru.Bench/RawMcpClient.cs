using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Configuration;

namespace Kitaru.Bench;

/// <summary>A client that costs next to nothing: lines of JSON-RPC over pipes, so many in flight; of an answer only the id is read.</summary>
internal sealed class RawMcpClient : IAsyncDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly Process _process;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly Task<string> _errors;
    private byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;
    private long _ids;

    private RawMcpClient(Process process)
    {
        _process = process;
        (_input, _output) = (process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts a server and shakes hands with it.</summary>
    public static async Task<RawMcpClient> StartAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[ConfigDirectory.Variable] = folder;
        var client = new RawMcpClient(Process.Start(start)!);
        await client.AskAsync("initialize", new JsonObject
        {
            ["protocolVersion"] = "2025-11-25",
            ["capabilities"] = new JsonObject(),
            ["clientInfo"] = new JsonObject { ["name"] = "bench", ["version"] = "1" },
        });
        await client._input.WriteAsync("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n"u8.ToArray());
        await client._input.FlushAsync();
        return client;
    }

    public int ProcessId => _process.Id;

    /// <summary>Processor time of the server so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>One request; its result.</summary>
    public async Task<JsonObject> AskAsync(string method, JsonObject parameters)
    {
        await SendAsync(Line(method, parameters), _ids++);
        var answer = (JsonObject)JsonNode.Parse(Encoding.UTF8.GetString((await ReadLineAsync()).Span))!;
        return answer["result"] as JsonObject ?? throw new InvalidOperationException(answer.ToJsonString());
    }

    /// <summary>One call of a tool; its result, which must be none of an error.</summary>
    public async Task<JsonObject> CallAsync(string tool, JsonObject arguments)
    {
        var result = await AskAsync("tools/call", new JsonObject { ["name"] = tool, ["arguments"] = arguments });
        return result["isError"]?.GetValue<bool>() == true ? throw new InvalidOperationException(result.ToJsonString()) : result;
    }

    /// <summary>A call as it stands in a line, but for its id.</summary>
    public static byte[] Call(string tool, JsonObject arguments) => Line("tools/call", new JsonObject { ["name"] = tool, ["arguments"] = arguments });

    /// <summary>Calls, so many in flight, for about a time or so many of them.</summary>
    /// <returns>How long each took, in milliseconds.</returns>
    public async Task<List<double>> LoadAsync(IReadOnlyList<byte[]> calls, int inFlight, TimeSpan about, long callsMax = long.MaxValue)
    {
        var began = new Dictionary<long, long>();
        var taken = new List<double>();
        var clock = Stopwatch.StartNew();
        long sent = 0;
        while (sent < inFlight)
            await SendNextAsync();
        while (began.Count > 0)
        {
            var (id, isError) = Read(await ReadLineAsync());
            if (isError)
                throw new InvalidOperationException("a call failed");
            taken.Add(Stopwatch.GetElapsedTime(began[id]).TotalMilliseconds);
            began.Remove(id);
            if (clock.Elapsed < about && sent < callsMax)
                await SendNextAsync();
        }
        return taken;

        async Task SendNextAsync()
        {
            began[_ids] = Stopwatch.GetTimestamp();
            await SendAsync(calls[(int)(sent++ % calls.Count)], _ids++);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _input.Close();
        await _process.WaitForExitAsync();
        await _errors;
        _process.Dispose();
    }

    private static byte[] Line(string method, JsonObject parameters) =>
        Encoding.UTF8.GetBytes(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = method, ["params"] = parameters }.ToJsonString()[..^1]);

    private async Task SendAsync(byte[] call, long id)
    {
        var tail = Encoding.UTF8.GetBytes(FormattableString.Invariant($",\"id\":{id}}}\n"));
        var line = new byte[call.Length + tail.Length];
        call.CopyTo(line, 0);
        tail.CopyTo(line, call.Length);
        await _input.WriteAsync(line);
        await _input.FlushAsync();
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadLineAsync()
    {
        var looked = _start;
        while (true)
        {
            var at = _buffer.AsSpan(looked, _end - looked).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = _buffer.AsMemory(_start, looked + at - _start);
                _start = looked + at + 1;
                return line;
            }
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_end, _start) = (_end - _start, 0);
            }
            looked = _end;
            if (_end == _buffer.Length)
                Array.Resize(ref _buffer, _buffer.Length * 2);
            var read = await _output.ReadAsync(_buffer.AsMemory(_end));
            if (read == 0)
                throw new InvalidOperationException("the server is gone: " + await _errors);
            _end += read;
        }
    }

    /// <summary>Of an answer its id, wherever it stands, and whether it says that something went wrong.</summary>
    private static (long Id, bool IsError) Read(ReadOnlyMemory<byte> line)
    {
        var reader = new Utf8JsonReader(line.Span);
        long? id = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.ValueTextEquals("id"u8);
            reader.Read();
            if (isId)
                id = reader.GetInt64();
            else
                reader.Skip();
        }
        return (id ?? throw new InvalidOperationException("an answer without an id"), line.Span.IndexOf("\"isError\":true"u8) >= 0 || line.Span.IndexOf("\"error\":{"u8) is >= 0 and < 40);
    }
}
