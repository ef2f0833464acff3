using Microsoft.Extensions.Logging;

namespace Kitaru.Engine;

/// <summary>Where a line of output belongs: to the checkpoint that wrote it, or to the execution.</summary>
internal static class ScopedLog
{
    public static void Write(object scope, string level, string message, string? module)
    {
        switch (scope)
        {
            case CheckpointFrame frame:
                // What a checkpoint leaves running behind its end is the execution's, not the call's.
                frame.Run.Log.Add(level, message, frame.Ended ? null : frame.Key, module);
                break;
            case FlowRun { IsCatchingUp: false } run:
                run.Log.Add(level, message, null, module);
                break;
        }
    }

    public static string LevelName(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARNING",
        LogLevel.Error => "ERROR",
        LogLevel.Critical => "CRITICAL",
        _ => "INFO",
    };
}
