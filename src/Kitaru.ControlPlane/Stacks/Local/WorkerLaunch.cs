using System.Diagnostics;
using Kitaru.ControlPlane.Targets;

namespace Kitaru.ControlPlane.Stacks.Local;

/// <summary>Starts the worker that stands in a run folder, with its output on pipes and nothing to read.</summary>
internal static class WorkerLaunch
{
    /// <exception cref="KitaruRuntimeException">There is no such .NET host.</exception>
    public static Process Start(string host, string runFolder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(host)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["exec", Path.Combine(runFolder, WorkerFiles.EntryAssembly), .. arguments])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }
        OwnHandles.KeepFromChildren();
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new KitaruRuntimeException($"A worker could not be started with '{host}': {e.Message}.", "Check the .NET installation: dotnet --info.", e);
        }
    }
}
