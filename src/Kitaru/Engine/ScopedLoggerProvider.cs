using Microsoft.Extensions.Logging;

namespace Kitaru.Engine;

/// <summary><see cref="ILogger"/> lines of a flow body or checkpoint, into the execution's log.</summary>
internal sealed class ScopedLoggerProvider : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new ScopedLogger(categoryName);

    public void Dispose()
    {
    }

    private sealed class ScopedLogger(string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && FlowScope.Run is not null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (((object?)FlowScope.Checkpoint ?? FlowScope.FlowBody) is not { } scope)
                return;
            var message = formatter(state, exception);
            if (exception is not null)
                message += Environment.NewLine + exception;
            ScopedLog.Write(scope, ScopedLog.LevelName(logLevel), message, category);
        }
    }
}
