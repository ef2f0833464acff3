using Microsoft.Extensions.Logging;

namespace Kitaru.Mcp.Hosting;

/// <summary>What is done by itself, warnings and errors as lines on standard error, where assistants keep a server's diagnostics.</summary>
internal sealed class DiagnosticsLogger(TextWriter diagnostics) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            diagnostics.WriteLine(exception is null ? formatter(state, exception) : $"{formatter(state, exception)}: {exception}");
    }
}
