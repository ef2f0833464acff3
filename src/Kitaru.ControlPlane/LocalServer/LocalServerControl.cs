using System.Buffers.Text;
using System.Security.Cryptography;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.LocalServer;

/// <summary>A local server that runs now.</summary>
/// <param name="Url">Its address.</param>
/// <param name="Action"><c>connected</c> when it ran already, <c>started</c>, or <c>restarted</c>: on another port, in a newer version, or because it did not answer.</param>
public sealed record LocalServerStart(string Url, string Action);

/// <summary>What came of stopping the local server.</summary>
/// <param name="Stopped">Whether one ran.</param>
/// <param name="Url">Its address; null when none was registered.</param>
public sealed record LocalServerStop(bool Stopped, string? Url);

/// <summary>
/// The local server: it serves the embedded store on this machine, for its user only, and goes on when the program that started it ends. While it runs, clients of this config
/// directory use it by themselves. Starting and stopping it loses no execution.
/// </summary>
public sealed class LocalServerControl
{
    /// <summary>The port it takes when none is named and it is free.</summary>
    public const int DefaultPort = 8383;

    private const int PortMax = 65535;
    private const int TokenBytes = 32;
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    private readonly ConfigDirectory _config;
    private readonly string _version;
    private readonly string _workingDirectory;
    private readonly Func<string, string?> _environment;
    private readonly TimeProvider _time;

    /// <summary>That of a config directory.</summary>
    /// <param name="config">The config directory.</param>
    /// <param name="version">The version of this program: an older server is replaced, a newer one is used.</param>
    /// <param name="workingDirectory">Where the server, and the flows it runs, find their files.</param>
    /// <param name="environment">The environment that names the .NET installation and the server's folder.</param>
    /// <param name="time">The clock.</param>
    public LocalServerControl(ConfigDirectory config, string version, string workingDirectory, Func<string, string?> environment, TimeProvider time) =>
        (_config, _version, _workingDirectory, _environment, _time) = (config, version, workingDirectory, environment, time);

    private string LogPath => LocalServerRegistration.LogPathIn(_config);

    /// <summary>Starts it unless it runs. Several programs may call this at once: one starts it, the others are connected.</summary>
    /// <param name="port">Where it shall listen, 1 to 65535; null keeps the one it has, else 8383, else a free one.</param>
    /// <param name="timeout">How long it may take, at least 1 second; default 60.</param>
    /// <param name="cancellationToken">Stops waiting; what was begun is taken back.</param>
    /// <exception cref="KitaruUsageException">A value makes no sense.</exception>
    /// <exception cref="KitaruStateException">The port is in use by another program, or the time is over.</exception>
    /// <exception cref="KitaruBackendException">It did not start; the message has the end of its log.</exception>
    public async Task<LocalServerStart> StartAsync(int? port = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        if (port is < 1 or > PortMax)
            throw SettingsError.Of("port", "", $"a number from 1 to {PortMax}", $"{port}", $"{DefaultPort}");
        var limit = timeout ?? DefaultTimeout;
        if (limit < TimeSpan.FromSeconds(1))
            throw SettingsError.Of("timeout", "", "at least 1 second", $"{limit.TotalSeconds:0.###} s", "60");
        using var late = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var held = await LockAsync(either.Token).ConfigureAwait(false);
            return await StartAloneAsync(port, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new KitaruTimeoutException(
                $"The local server was not there within {limit.TotalSeconds:0.#} s, or another program was starting or stopping it all that time. Its log is {LogPath}.{LogTail.Of(LogPath)}",
                "Call again, with a longer timeout if this machine is busy.");
        }
    }

    /// <summary>Stops it. Executions that run are handed over and go on in the next process that works on this store.</summary>
    /// <exception cref="KitaruBackendException">It did not end.</exception>
    public async Task<LocalServerStop> StopAsync(CancellationToken cancellationToken = default)
    {
        // Nothing to stop leaves nothing behind, not even a lock.
        if (!File.Exists(LocalServerRegistration.PathIn(_config)))
            return new LocalServerStop(false, null);
        using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
        var registered = Registered();
        var ran = registered is not null && Host(registered).IsAlive;
        if (ran)
            await Host(registered!).EndAsync(cancellationToken).ConfigureAwait(false);
        Forget();
        return new LocalServerStop(ran, registered?.Url);
    }

    private async Task<LocalServerStart> StartAloneAsync(int? port, CancellationToken cancellationToken)
    {
        var (preferred, action) = (DefaultPort, "started");
        if (Registered() is { } registered)
        {
            var host = Host(registered);
            var isAlive = host.IsAlive;
            var isThere = (port is null || port == new Uri(registered.Url).Port) && !IsOlder(registered.Version) && await host.AnswersAsync(cancellationToken).ConfigureAwait(false);
            if (isThere && !registered.IsReady)
                (registered with { IsReady = true }).Write(_config);
            if (isThere)
                return new LocalServerStart(registered.Url, "connected");
            // Before the old one is ended for it.
            if (port is { } wanted && !(isAlive && wanted == new Uri(registered.Url).Port))
                CheckFree(wanted);
            if (isAlive)
                await host.EndAsync(cancellationToken).ConfigureAwait(false);
            (preferred, action) = (isAlive ? new Uri(registered.Url).Port : preferred, isAlive || port is not null ? "restarted" : action);
            Forget();
        }
        if (port is not null)
            CheckFree(port.Value);
        var at = port ?? (LocalServerHost.IsFree(preferred) ? preferred : LocalServerHost.FindFree());
        return new LocalServerStart(await LaunchAsync(at, cancellationToken).ConfigureAwait(false), action);
    }

    private async Task<string> LaunchAsync(int port, CancellationToken cancellationToken)
    {
        var instance = Guid.CreateVersion7(_time.GetUtcNow()).ToString("N");
        try
        {
            PrivateFile.Replace(LocalServerRegistration.TokenPathIn(_config), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes)) + "\n");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(fault);
        }
        using var process = ServerProcess.Start(_config, port, instance, _workingDirectory, _environment);
        try
        {
            var registration = process.Identity is { } identity ? new LocalServerRegistration($"http://127.0.0.1:{port}", instance, _version, identity, IsReady: false) : null;
            // At once: should this program die now, the next one finds what it has started.
            registration?.Write(_config);
            while (registration is not null && !process.HasExited)
            {
                if (await Host(registration).AnswersAsync(cancellationToken).ConfigureAwait(false))
                {
                    (registration with { IsReady = true }).Write(_config);
                    return registration.Url;
                }
                await Task.Delay(LocalServerHost.Look, _time, cancellationToken).ConfigureAwait(false);
            }
            throw new KitaruBackendException(
                $"The local server ended{(process.HasExited ? $" with exit code {process.ExitCode}" : "")} before it answered. Its log is {LogPath}.{LogTail.Of(LogPath, await process.LastWordsAsync().ConfigureAwait(false))}",
                "Mend what its log says, then call again.");
        }
        catch (Exception fault)
        {
            process.Kill();
            Forget();
            if (fault is IOException or UnauthorizedAccessException)
                throw Unwritable(fault);
            throw;
        }
    }

    private static void CheckFree(int port)
    {
        if (LocalServerHost.IsFree(port))
            return;
        throw new KitaruStateException($"Port {port} is in use by another program; nothing was started or stopped.", "Call again with another port, or with none: then a free one is taken.")
        {
            Details = new() { ["argument"] = "port", ["expected"] = "a free port", ["got"] = $"{port}" },
        };
    }

    private bool IsOlder(string version) => ReleaseVersion.TryParse(version)?.CompareTo(ReleaseVersion.TryParse(_version)) < 0;

    private LocalServerRegistration? Registered() => LocalServerRegistration.Read(LocalServerRegistration.PathIn(_config));

    private LocalServerHost Host(LocalServerRegistration registration) => new(registration, _config, _time);

    /// <summary>The registration first: nobody shall find one without its token.</summary>
    private void Forget()
    {
        try
        {
            File.Delete(LocalServerRegistration.PathIn(_config));
            File.Delete(LocalServerRegistration.TokenPathIn(_config));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(fault);
        }
    }

    private async Task<FileLock> LockAsync(CancellationToken cancellationToken)
    {
        try
        {
            ConfigDirectory.Ensure(_config.LocalServer);
            return await FileLock.AcquireAsync(Path.Combine(_config.LocalServer, "lock"), _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(fault);
        }
    }

    private KitaruBackendException Unwritable(Exception fault) => new(
        $"The files of the local server in {_config.LocalServer} cannot be written: {fault.Message}", "Make the folder and what is in it writable for this user.", fault);
}
