using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;

namespace Kitaru.Cli.Running;

/// <summary>What is being done, beside the answer: one line that changes on a terminal, a line each elsewhere, nothing when JSON is asked for.</summary>
internal sealed class ProgressLine(CommandCall call) : IProgress<string>, IDisposable
{
    private readonly Lock _gate = new();
    private readonly bool _isLive = call.Host is { IsErrorTerminal: true, AllowsColor: true };
    private bool _isDrawn;
    private bool _isOver;

    public void Report(string value)
    {
        if (call.IsJson)
            return;
        lock (_gate)
        {
            if (_isOver)
                return;
            var line = Clean.Line(value);
            if (!_isLive)
            {
                call.Host.Error.WriteLine(line);
                return;
            }
            _isDrawn = true;
            call.Host.Error.Write($"\r\u001b[K{new Paint(true).Of(TextWidth.Cut(line, Math.Max(1, call.Host.Columns() - 1)), Tone.Muted)}");
            call.Host.Error.Flush();
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            if (_isDrawn)
                call.Host.Error.Write("\r\u001b[K");
        }
    }
}
