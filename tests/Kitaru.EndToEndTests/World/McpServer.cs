using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Kitaru.EndToEndTests.World;

/// <summary>A running kitaru-mcp and the SDK's client of it.</summary>
internal sealed class McpServer : IAsyncDisposable
{
    private static readonly TimeSpan CallMax = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(150);

    /// <summary>A server that is slow to start on a busy machine is waited for: after its own first probe is given up, an SDK client cannot connect any more.</summary>
    private static readonly McpClientOptions Options = new() { DiscoverProbeTimeout = Timeout.InfiniteTimeSpan, InitializationTimeout = CallMax };

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private McpClient? _client;
    private bool _killed;

    private McpServer(Process process)
    {
        _process = process;
        Wire = new WireLog(process.StandardOutput.BaseStream);
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.AppendLine(line.Data);
        };
        process.BeginErrorReadLine();
    }

    public WireLog Wire { get; }

    public McpClient Client => _client!;

    public int ProcessId => _process.Id;

    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    /// <param name="home">Where it lives.</param>
    /// <param name="environment">Variables on top of the usual ones.</param>
    /// <param name="through">A command that prepares the process and then becomes the one that is given to it as arguments.</param>
    /// <param name="program">Another kitaru-mcp than the one that was built with these tests.</param>
    public static async Task<McpServer> StartAsync(
        Home home, IReadOnlyDictionary<string, string>? environment = null, IReadOnlyList<string>? through = null, IReadOnlyList<string>? program = null)
    {
        string[] command = [.. through ?? [], .. program ?? ["dotnet", Programs.Server]];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = home.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KITARU_CONFIG_PATH"] = home.Config;
        start.Environment["KITARU_WORKER_IDLE_SECONDS"] = "2";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var server = new McpServer(Process.Start(start)!);
        using var limit = new CancellationTokenSource(CallMax);
        server._client = await McpClient.CreateAsync(
            new StreamClientTransport(server._process.StandardInput.BaseStream, server.Wire), Options, cancellationToken: limit.Token);
        return server;
    }

    public async Task<IReadOnlyList<string>> ListToolsAsync() => [.. (await _client!.ListToolsAsync()).Select(tool => tool.Name)];

    public async Task<Answer> CallAsync(string tool, object arguments)
    {
        var given = JsonSerializer.SerializeToNode(arguments)!.AsObject().Where(pair => pair.Value is not null)
            .ToDictionary(pair => pair.Key, pair => (object?)pair.Value);
        using var limit = new CancellationTokenSource(CallMax);
        var result = await _client!.CallToolAsync(tool, given, cancellationToken: limit.Token);
        var text = string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
        return new Answer(result.IsError == true, text, result.StructuredContent is { } data ? JsonObject.Create(data)! : []);
    }

    /// <summary>The result of a message as a client of 2026-07-28 with tasks and forms sends it, which the SDK's own client is not.</summary>
    public async Task<JsonObject> TaskCallAsync(string method, JsonObject parameters)
    {
        parameters["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "tests", ["version"] = "1" },
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject { ["elicitation"] = new JsonObject(), ["extensions"] = new JsonObject { ["io.modelcontextprotocol/tasks"] = new JsonObject() } },
        };
        using var limit = new CancellationTokenSource(CallMax);
        return (await _client!.SendRequestAsync(new JsonRpcRequest { Method = method, Params = parameters }, limit.Token)).Result!.AsObject();
    }

    public Task<JsonObject> TaskAsync(string method, string id) => TaskCallAsync(method, new JsonObject { ["taskId"] = id });

    public Task<Answer> TryRunAsync(string target, object? args = null, int waitSeconds = 0, string? idempotencyKey = null) =>
        CallAsync("kitaru_executions_run", new { target, args, wait_seconds = waitSeconds, idempotency_key = idempotencyKey });

    /// <summary>Starts a flow and returns the execution's id.</summary>
    public async Task<string> RunAsync(string target, object? args = null) =>
        (string)(await TryRunAsync(target, args)).ShouldBeFine().Data["exec_id"]!;

    public Task<Answer> GetAsync(string id, int waitSeconds = 0) =>
        CallAsync("kitaru_executions_get", new { exec_id = id, wait_seconds = waitSeconds });

    /// <summary>The execution once it has ended or waits for input.</summary>
    public async Task<Answer> RestAsync(string id)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var execution = (await GetAsync(id, waitSeconds: 20)).ShouldBeFine();
            if (execution.Status != "running")
                return execution;
            if (TimeProvider.System.GetElapsedTime(startedAt) > EndMax)
                throw new TimeoutException($"The execution did not come to rest: {execution.Text}\n{await LogsAsync(id, source: "all")}\n{Errors}");
        }
    }

    /// <summary>Runs a flow to its end.</summary>
    public async Task<Answer> RunToEndAsync(string target, object? args = null) => await RestAsync(await RunAsync(target, args));

    public Task<Answer> InputAsync(string id, string wait, object? value) =>
        CallAsync("kitaru_executions_input", new { exec_id = id, wait, value });

    public Task<Answer> CancelAsync(string id) => CallAsync("kitaru_executions_cancel", new { exec_id = id });

    public async Task<string> LogsAsync(string id, string source = "step", int limit = 200) =>
        (await CallAsync("get_execution_logs", new { exec_id = id, source, limit })).ShouldBeFine().Text;

    /// <summary>SIGKILL; its workers are left alone.</summary>
    public void Kill()
    {
        _killed = true;
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Ends it as a client does, by closing its input, and looks at what it has written.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
            await _client.DisposeAsync();
        if (!_killed)
        {
            _process.StandardInput.Close();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await _process.WaitForExitAsync(limit.Token);
            _process.ExitCode.ShouldBe(0, Errors);
        }
        _process.Dispose();
        Wire.Foreign.ShouldBeEmpty("standard output carried more than JSON-RPC");
    }
}
