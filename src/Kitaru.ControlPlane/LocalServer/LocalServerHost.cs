using System.Net;
using System.Net.Sockets;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Kitaru.Core.Http;

namespace Kitaru.ControlPlane.LocalServer;

/// <summary>A registered local server as a process: whether it runs, and how it ends. A process that is not the registered one, by number, start and machine, is never touched.</summary>
internal sealed class LocalServerHost(LocalServerRegistration registration, ConfigDirectory config, TimeProvider time)
{
    public static readonly TimeSpan Look = TimeSpan.FromMilliseconds(40);

    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan KillMax = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether it lives: besides number, start and machine its command line must name this instance, where that can be read. Starts are told apart to a hundredth of a second only.
    /// </summary>
    public bool IsAlive => registration.IsAlive && NamesInstance();

    /// <summary>Whether it lives and answers as the one that was started: another program may have its port by now.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        if (!IsAlive || LocalServerRegistration.ReadToken(LocalServerRegistration.TokenPathIn(config)) is not { } token)
            return false;
        using var probe = new ServerProbe(registration.Url, token);
        try
        {
            return (await probe.GetInfoAsync(cancellationToken).ConfigureAwait(false)).InstanceId == registration.InstanceId;
        }
        catch (KitaruException)
        {
            return false;
        }
    }

    /// <summary>Asks it to end, and waits; ends it when it does not answer or does not end.</summary>
    /// <exception cref="KitaruBackendException">It did not end.</exception>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        // What does not answer as it is not asked either: somebody else would get the token's request.
        if (await AnswersAsync(cancellationToken).ConfigureAwait(false) && await AskAsync(cancellationToken).ConfigureAwait(false))
            await WaitForEndAsync(StopMax, cancellationToken).ConfigureAwait(false);
        if (IsAlive)
        {
            Kill();
            await WaitForEndAsync(KillMax, cancellationToken).ConfigureAwait(false);
        }
        if (IsAlive)
        {
            throw new KitaruBackendException(
                $"The local server at {registration.Url} (process {registration.Process.ProcessId}) did not end.",
                $"Look into {LocalServerRegistration.LogPathIn(config)}, end the process, then call again.");
        }
    }

    /// <summary>Whether a program could listen there now.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            // Elsewhere that would count connections of a server that has ended, which the next one may listen beside.
            using var socket = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = OperatingSystem.IsWindows() };
            socket.Start();
            socket.Stop();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>A port that nobody has now.</summary>
    public static int FindFree()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        var port = ((IPEndPoint)socket.LocalEndpoint).Port;
        socket.Stop();
        return port;
    }

    private bool NamesInstance()
    {
        if (!OperatingSystem.IsLinux())
            return true;
        try
        {
            return File.ReadAllText($"/proc/{registration.Process.ProcessId}/cmdline").Contains(registration.InstanceId, StringComparison.Ordinal);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        using var probe = new ServerProbe(registration.Url, LocalServerRegistration.ReadToken(LocalServerRegistration.TokenPathIn(config)) ?? "");
        return await probe.ShutDownAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task WaitForEndAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (IsAlive && time.GetElapsedTime(begun) < longest)
            await Task.Delay(Look, time, cancellationToken).ConfigureAwait(false);
    }

    private void Kill()
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(registration.Process.ProcessId);
            // Once more, now that the number is held.
            if (IsAlive)
                process.Kill();
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended, or may not be ended: what comes next looks.
        }
    }
}
