using Kitaru.Cli.Commands;
using Kitaru.Cli.Executions.Waits;
using Kitaru.Cli.Output;
using Kitaru.Cli.Running;
using Kitaru.Core;

namespace Kitaru.Cli.Executions;

/// <summary>Puts the pending questions of one execution, or of all that wait, one after the other.</summary>
internal sealed class InputSweep(CommandCall call)
{
    private const int PageSize = 100;

    private readonly AnswerDialog _dialog = new(call.Host, call.Client);
    private readonly HashSet<ExecutionId> _changed = [];
    private int _failed;

    public async Task<Answer> RunAsync(string? executionId, CancellationToken cancellationToken)
    {
        var waiting = executionId is null
            ? await WaitingAsync(cancellationToken)
            : [await ExecutionIds.FindAsync(call.Client, executionId, cancellationToken)];
        await using var stack = await EmbeddedStack.StartAsync(call, cancellationToken);
        var (answered, aborted, skipped) = (0, 0, 0);
        foreach (var (execution, wait) in await QuestionsAsync(waiting, cancellationToken))
        {
            var decision = await AskAsync(execution, wait, cancellationToken);
            if (decision == Decision.Quit)
                break;
            answered += decision == Decision.Answered ? 1 : 0;
            aborted += decision == Decision.Aborted ? 1 : 0;
            skipped += decision == Decision.Skipped ? 1 : 0;
        }
        foreach (var execution in _changed)
            await stack.HandOverAsync(execution);
        await call.WriteTextAsync(new PlainText($"{answered} answered, {aborted} aborted, {skipped} skipped, {_failed} failed."));
        return Answer.Written(_failed > 0 ? CliRunner.Failure : CliRunner.Success);
    }

    private async Task<Decision?> AskAsync(ExecutionId execution, WaitRecord wait, CancellationToken cancellationToken)
    {
        await call.TalkAsync($"Execution {execution}");
        await call.TalkAsync($"? {Question.Words(wait)}");
        if (Question.Schema(wait) is { } schema)
            await call.TalkAsync($"  as {schema}");
        try
        {
            var decision = await _dialog.AskAsync(execution, wait, cancellationToken);
            if (decision is Decision.Answered or Decision.Aborted)
                _changed.Add(execution);
            return decision;
        }
        catch (KitaruException fault)
        {
            _failed++;
            await call.TalkAsync($"Error: {fault.Message}");
            return null;
        }
    }

    private async Task<IReadOnlyList<(ExecutionId Execution, WaitRecord Wait)>> QuestionsAsync(IReadOnlyList<ExecutionId> executions, CancellationToken cancellationToken)
    {
        var questions = new List<(ExecutionId, WaitRecord)>();
        foreach (var execution in executions)
            questions.AddRange((await call.Client.Executions.PendingWaitsAsync(execution, cancellationToken)).Select(wait => (execution, wait)));
        return questions;
    }

    private async Task<IReadOnlyList<ExecutionId>> WaitingAsync(CancellationToken cancellationToken)
    {
        var waiting = new List<ExecutionId>();
        var query = new ExecutionQuery { Statuses = [ExecutionStatus.Waiting], Limit = PageSize };
        do
        {
            var page = await call.Client.Executions.ListAsync(query, cancellationToken);
            waiting.AddRange(page.Items.Select(execution => execution.Id));
            query = query with { Cursor = page.NextCursor };
        }
        while (query.Cursor is not null);
        return waiting;
    }
}
