using Kitaru.Cli.Output;
using Kitaru.Cli.Running;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.Cli.Executions.Waits;

/// <summary>Puts a pending question to whoever sits at the terminal: continue with an answer, abort, skip, or quit (runtime.md 5.3).</summary>
internal sealed class AnswerDialog(CliHost host, KitaruClient client)
{
    private static readonly string[] Actions = ["continue", "abort", "skip", "quit"];
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    private readonly LineReader _lines = new(host);

    /// <summary>Asks until there is a decision; ends by itself when the question was answered elsewhere meanwhile.</summary>
    public async Task<Decision> AskAsync(ExecutionId id, WaitRecord wait, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var elsewhere = WatchAsync(id, wait, over);
        try
        {
            return await DecideAsync(id, wait, over.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await host.Error.WriteLineAsync($"\n  '{Clean.Line(wait.Name)}' is no longer pending: it was answered elsewhere.");
            return Decision.Skipped;
        }
        finally
        {
            await over.CancelAsync();
            await elsewhere.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Decision> DecideAsync(ExecutionId id, WaitRecord wait, CancellationToken cancellationToken)
    {
        while (true)
        {
            var text = await _lines.ReadAsync("[c]ontinue, [a]bort, [s]kip, [q]uit? ", cancellationToken);
            switch (text is null ? "quit" : ActionOf(text))
            {
                case "continue":
                    if (await AnswerAsync(id, wait, cancellationToken) is { } decision)
                        return decision;
                    break;
                case "abort":
                    await client.Executions.AbortWaitAsync(id, wait.Id.ToString(), cancellationToken);
                    return Decision.Aborted;
                case "skip":
                    return Decision.Skipped;
                case "quit":
                    return Decision.Quit;
                default:
                    await host.Error.WriteLineAsync($"  There is no '{Texts.Short(text!, 40)}'.{Texts.DidYouMean(text!, Actions)} Type c, a, s or q.");
                    break;
            }
        }
    }

    /// <returns>Null when the answer was refused; the question is put again.</returns>
    private async Task<Decision?> AnswerAsync(ExecutionId id, WaitRecord wait, CancellationToken cancellationToken)
    {
        try
        {
            var value = await new SchemaForm(host, _lines).AskAsync(wait.Schema, cancellationToken);
            await host.Error.WriteLineAsync($"  {Clean.Line(wait.Name)} = {Clean.Line(Texts.Clip(KitaruJson.Write(value), 200))}");
            await client.Executions.InputAsync(id, wait.Id.ToString(), value, cancellationToken);
            return Decision.Answered;
        }
        catch (EndOfInputException)
        {
            return Decision.Quit;
        }
        catch (KitaruWaitValidationException fault)
        {
            await host.Error.WriteLineAsync($"  {Clean.Line(fault.Message)}");
            return null;
        }
    }

    /// <summary>Ends the question when nobody needs an answer any more.</summary>
    private async Task WatchAsync(ExecutionId id, WaitRecord wait, CancellationTokenSource over)
    {
        try
        {
            while (!over.IsCancellationRequested)
            {
                await Task.Delay(Look, host.Time, over.Token);
                var pending = await client.Executions.PendingWaitsAsync(id, over.Token);
                if (!pending.Any(each => each.Id == wait.Id))
                    await over.CancelAsync();
            }
        }
        catch (Exception fault) when (fault is KitaruException or OperationCanceledException)
        {
            // Then the answer itself meets whatever it is.
        }
    }

    private static string ActionOf(string text) =>
        text.Length > 0 ? Array.Find(Actions, action => action.StartsWith(text, StringComparison.OrdinalIgnoreCase)) ?? text : "continue";
}
