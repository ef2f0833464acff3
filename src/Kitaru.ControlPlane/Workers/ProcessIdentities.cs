using System.Diagnostics;
using System.Globalization;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>Tells whether the process behind an identity still runs, as far as this machine can know.</summary>
public static class ProcessIdentities
{
    private const int StateField = 0;
    private const int StartTimeField = 19;

    /// <summary>This process.</summary>
    public static ProcessIdentity Current() => Of(Environment.ProcessId)
        ?? throw new KitaruRuntimeException("The start time of this process cannot be read.", "Report it with the name and version of the operating system.");

    /// <summary>
    /// False only when the process is known to be gone: it ran on this machine, and now there is none with its number and start
    /// time, or the machine has been started anew. A process of another machine counts as alive.
    /// </summary>
    public static bool IsAlive(ProcessIdentity identity)
    {
        var (here, there) = (MachineParts(Machine()), MachineParts(identity.Machine));
        if (here.Machine != there.Machine)
            return true;
        if (here.Boot != there.Boot)
            return false;
        // Another container on the same machine: its numbers mean nothing here.
        if (here.Space != there.Space)
            return true;
        return Of(identity.ProcessId) is { } now && now.StartedAtTicks == identity.StartedAtTicks;
    }

    /// <summary>The identity of a process on this machine, or null when there is none or it has ended.</summary>
    public static ProcessIdentity? Of(int processId)
    {
        var ticks = OperatingSystem.IsLinux() ? StartTicksOnLinux(processId) : StartTicks(processId);
        return ticks is { } started ? new ProcessIdentity(Machine(), processId, started) : null;
    }

    private static string Machine()
    {
        if (!OperatingSystem.IsLinux())
            return $"{Environment.MachineName}//";
        var machine = ReadLine("/etc/machine-id") ?? Environment.MachineName;
        return $"{machine}/{ReadLine("/proc/sys/kernel/random/boot_id")}/{File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false)?.Name}";
    }

    private static (string Machine, string Boot, string Space) MachineParts(string machine)
    {
        var parts = machine.Split('/');
        return parts.Length == 3 ? (parts[0], parts[1], parts[2]) : (machine, "", "");
    }

    private static string? ReadLine(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Field 22 of stat, in ticks since the machine started; a zombie has ended.</summary>
    private static long? StartTicksOnLinux(int processId)
    {
        // The name in field 2 may hold spaces and brackets: count from the last one.
        if (ReadLine($"/proc/{processId}/stat") is not { } stat || stat.LastIndexOf(')') is not (> 0 and var end))
            return null;
        var fields = stat[(end + 2)..].Split(' ');
        return fields.Length > StartTimeField && fields[StateField] is not ("Z" or "X" or "x")
            ? long.Parse(fields[StartTimeField], CultureInfo.InvariantCulture)
            : null;
    }

    private static long? StartTicks(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return process.StartTime.ToUniversalTime().Ticks;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // It exists but may not be looked at: nothing says that it is ours, nothing that it is not.
            return 0;
        }
    }
}
