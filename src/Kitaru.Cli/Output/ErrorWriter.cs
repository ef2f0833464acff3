using Kitaru.Cli.Running;
using Kitaru.Core;

namespace Kitaru.Cli.Output;

/// <summary>Writes the one error a command ends with, on standard error: what is wrong, and what to do now.</summary>
internal sealed class ErrorWriter(CliHost host, string command, bool asJson)
{
    private const int MessageCharsMax = 8000;
    private const int DiagnosticsMax = 20;

    /// <summary>Whether the arguments ask for JSON, even when they cannot be parsed.</summary>
    public static bool WantsJson(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count && args[i] != "--"; i++)
        {
            var (option, value) = args[i].IndexOf('=') is > 0 and var at ? (args[i][..at], args[i][(at + 1)..]) : (args[i], i + 1 < args.Count ? args[i + 1] : "");
            if (option is "--output" or "-o" && value.Equals("json", StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    public Task WriteAsync(KitaruException fault)
    {
        var message = fault.Message;
        if (fault is KitaruBuildException { Diagnostics: var diagnostics })
        {
            var unsaid = diagnostics.Take(DiagnosticsMax).Where(line => !message.Contains(line, StringComparison.Ordinal)).ToList();
            message = string.Join('\n', [message, .. unsaid]);
        }
        return WriteAsync(message, fault.Code, fault.NextStep);
    }

    /// <param name="message">What is wrong.</param>
    /// <param name="type">The contract's name of it; null for a command line that is wrong.</param>
    /// <param name="nextStep">What to do.</param>
    public async Task WriteAsync(string message, string? type, string? nextStep)
    {
        message = CliWords.Of(Texts.Clip(message, MessageCharsMax));
        nextStep = nextStep is null ? null : CliWords.Of(nextStep);
        if (asJson)
        {
            await host.Error.WriteLineAsync(Envelope.Error(command, nextStep is null ? message : $"{message} {nextStep}", type));
            return;
        }
        var paint = new Paint(host.IsErrorTerminal && host.AllowsColor);
        await host.Error.WriteLineAsync($"{paint.Of("Error:", Tone.Bad)} {Clean.Lines(message)}");
        if (nextStep is not null)
            await host.Error.WriteLineAsync(Clean.Lines(nextStep));
    }
}
