using System.Globalization;

namespace Kitaru.Server.Hosting;

/// <summary>The log of the local server: one file, and the one before it when it has become long.</summary>
internal sealed class FileLog(string path) : ILoggerProvider
{
    private const long BytesMax = 5 * 1024 * 1024;

    private readonly Lock _lock = new();

    public ILogger CreateLogger(string categoryName) => new Entry(this, categoryName);

    public void Dispose()
    {
    }

    private void Write(string line)
    {
        lock (_lock)
        {
            try
            {
                if (new FileInfo(path) is { Exists: true, Length: > BytesMax })
                    File.Move(path, path + ".old", overwrite: true);
                var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete };
                if (!OperatingSystem.IsWindows())
                    options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                using var writer = new StreamWriter(new FileStream(path, options));
                writer.WriteLine(line);
            }
            catch (IOException)
            {
                // A full disk must not end the server.
            }
        }
    }

    private sealed class Entry(FileLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            log.Write($"{time} {logLevel} {category}: {formatter(state, exception)}{(exception is null ? "" : $"\n{exception}")}");
        }
    }
}
