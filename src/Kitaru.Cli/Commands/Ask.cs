namespace Kitaru.Cli.Commands;

/// <summary>Questions to whoever sits at the terminal; asked on standard error, so that standard output stays data.</summary>
internal static class Ask
{
    /// <summary>Whether it shall be done: yes only when it is said. False when nobody can be asked.</summary>
    public static async Task<bool> YesAsync(CommandCall call, string question, CancellationToken cancellationToken)
    {
        if (!call.CanAsk)
            return false;
        await call.Host.Error.WriteAsync($"{question} [y/N] ");
        await call.Host.Error.FlushAsync(cancellationToken);
        var answer = await call.Host.Input.ReadLineAsync(cancellationToken);
        return answer?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    /// <summary>A text that is not shown while it is typed; null when nobody can be asked or nothing is said.</summary>
    public static async Task<string?> HiddenAsync(CommandCall call, string question, CancellationToken cancellationToken)
    {
        if (!call.CanAsk)
            return null;
        await call.Host.Error.WriteAsync(question);
        await call.Host.Error.FlushAsync(cancellationToken);
        var text = await call.Host.ReadHiddenAsync(call.Host.Input, cancellationToken);
        await call.Host.Error.WriteLineAsync();
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }
}
