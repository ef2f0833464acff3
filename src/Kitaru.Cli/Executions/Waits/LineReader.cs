using Kitaru.Cli.Running;

namespace Kitaru.Cli.Executions.Waits;

/// <summary>Asks for a line. A question can be given up, when its answer came from elsewhere; what is typed next then belongs to the next one.</summary>
internal sealed class LineReader(CliHost host)
{
    private Task<string?>? _reading;

    /// <returns>What was typed; null at the end of input.</returns>
    public async Task<string?> ReadAsync(string prompt, CancellationToken cancellationToken)
    {
        await host.Error.WriteAsync(prompt.AsMemory(), cancellationToken);
        await host.Error.FlushAsync(cancellationToken);
        // A terminal blocks whoever reads it, and cannot be asked to stop.
        _reading ??= Task.Run(host.Input.ReadLine, CancellationToken.None);
        var line = await _reading.WaitAsync(cancellationToken);
        _reading = null;
        return line?.Trim();
    }
}
