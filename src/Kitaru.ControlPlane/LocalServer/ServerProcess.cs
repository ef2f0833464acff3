using System.Diagnostics;
using System.Globalization;
using System.Text;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.LocalServer;

/// <summary>A local server this process has started. It goes on when this process ends: it writes to a log of its own, so the pipes here only carry what goes wrong before that.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const int OutputCharsMax = 8 * 1024;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Task _reading;

    private ServerProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>Its identity; null when it has ended already.</summary>
    public ProcessIdentity? Identity => ProcessIdentities.Of(_process.Id);

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>What it wrote before it had its log. Its own children may hold the pipes open; they are not waited for.</summary>
    public async Task<string> LastWordsAsync()
    {
        await Task.WhenAny(_reading, Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System)).ConfigureAwait(false);
        lock (_output)
            return _output.ToString().Trim();
    }

    /// <summary>Starts it.</summary>
    /// <exception cref="KitaruFeatureNotAvailableException">There is no server, or no .NET, to start.</exception>
    /// <exception cref="KitaruBackendException">It cannot be started.</exception>
    public static ServerProcess Start(ConfigDirectory config, int port, string instanceId, string workingDirectory, Func<string, string?> environment)
    {
        var host = DotnetInstallation.Find(environment).Host;
        var start = new ProcessStartInfo(host)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["exec", ServerFiles.Locate(environment), "--local", "--port", port.ToString(CultureInfo.InvariantCulture), "--instance", instanceId])
            start.ArgumentList.Add(argument);
        start.Environment[ConfigDirectory.Variable] = config.Root;
        // It is a server and no client; and a token that reaches it would reach its workers.
        foreach (var name in (string[])[ConnectionVariables.ServerUrl, ConnectionVariables.AuthToken, ConnectionVariables.Project])
            start.Environment.Remove(name);
        var worker = Path.Combine(AppContext.BaseDirectory, "worker");
        if (ConnectionVariables.Read(environment, WorkerFiles.Variable) is null && File.Exists(Path.Combine(worker, WorkerFiles.EntryAssembly)))
            start.Environment[WorkerFiles.Variable] = worker;
        OwnHandles.KeepFromChildren();
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return new ServerProcess(process);
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            throw new KitaruBackendException($"The local server could not be started with '{host}': {fault.Message}.", "Check the .NET installation: dotnet --info.", fault);
        }
    }

    /// <summary>Ends it; only whoever started it, and holds it, may.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Lets go of it; it goes on.</summary>
    public void Dispose() => _process.Dispose();

    private async Task ReadAsync(StreamReader reader)
    {
        var buffer = new char[1024];
        try
        {
            while (await reader.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false) is var read and > 0)
            {
                lock (_output)
                {
                    if (_output.Length < OutputCharsMax)
                        _output.Append(buffer, 0, read);
                }
            }
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Let go of.
        }
    }
}
