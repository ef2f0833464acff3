using Microsoft.Extensions.Logging;

namespace Kitaru.Worker;

/// <summary>Lines on standard error, for whoever runs a long-lived worker.</summary>
internal sealed class StandardErrorLogger : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            Console.Error.WriteLine($"kitaru-worker: {formatter(state, exception)}");
    }

    public void Dispose()
    {
    }
}
