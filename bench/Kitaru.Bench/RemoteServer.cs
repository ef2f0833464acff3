using System.Diagnostics;
using System.Security.Cryptography;
using Kitaru.PostgresForTests;

namespace Kitaru.Bench;

/// <summary>A server of its own process, for workers that reach their store over HTTP.</summary>
internal sealed class RemoteServer : IDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private RemoteServer(Process process, string url, string secret) => (_process, Url, Secret) = (process, url, secret);

    public string Url { get; }

    /// <summary>What an administrator authenticates with.</summary>
    public string Secret { get; }

    /// <summary>Starts one and waits until it is ready.</summary>
    public static async Task<RemoteServer> StartAsync(string program, string folder, string database)
    {
        var url = $"http://127.0.0.1:{Ports.Free()}";
        var secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        var start = new ProcessStartInfo("dotnet", [program, "--urls", url, "--database", database]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KITARU_CONFIG_PATH"] = Directory.CreateDirectory(folder).FullName;
        start.Environment["KITARU_SERVER_ADMIN_SECRET"] = secret;
        var server = new RemoteServer(Process.Start(start)!, url, secret);
        server._process.OutputDataReceived += (_, _) => { };
        server._process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        try
        {
            await server.WaitUntilReadyAsync();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task WaitUntilReadyAsync()
    {
        using var http = new HttpClient();
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System))
        {
            try
            {
                using var answer = await http.GetAsync(new Uri($"{Url}/ready"));
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (clock.Elapsed < StartMax && !_process.HasExited)
            {
                // It is starting.
            }
            if (clock.Elapsed > StartMax)
                throw new InvalidOperationException("the server did not become ready");
        }
    }
}
