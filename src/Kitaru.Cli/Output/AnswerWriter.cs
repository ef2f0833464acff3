using Kitaru.Cli.Commands;

namespace Kitaru.Cli.Output;

/// <summary>Writes a command's answer: data to standard output, talk to standard error.</summary>
internal static class AnswerWriter
{
    public static async Task WriteAsync(Answer answer, CommandCall call)
    {
        var (host, path) = (call.Host, call.Command.Path);
        if (!call.IsJson && answer.Text.Count > 0)
            await host.Output.WriteAsync(new TextRenderer(host).Render(answer.Text));
        else if (call.IsJson && answer.Items is not null)
            await host.Output.WriteLineAsync(Envelope.List(path, answer.Items));
        else if (call.IsJson && answer.Json is not null)
            await host.Output.WriteLineAsync(Envelope.Item(path, answer.Json));
        await host.Output.FlushAsync();
        foreach (var warning in answer.Warnings)
            await host.Error.WriteLineAsync($"Warning: {CliWords.Of(Clean.Line(warning))}");
        if (call.IsJson)
            return;
        foreach (var hint in answer.Hints)
            await host.Error.WriteLineAsync($"Next: {CliWords.Of(Clean.Line(hint))}");
    }
}
