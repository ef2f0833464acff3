using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Executions.Waits;
using Kitaru.Cli.Output;
using Kitaru.Cli.Running;
using Kitaru.Core;

namespace Kitaru.Cli.Executions;

/// <summary>kitaru executions input.</summary>
internal static class InputCommand
{
    public static LeafCommand Create()
    {
        var id = CommonOptions.OptionalArgument("EXEC_ID", "The execution that waits; with --interactive it may be left out for all of them.");
        var value = JsonOption.Create("--value", "The answer, as the question's schema asks for it: true, 3, '\"text\"', an object.");
        var abort = CommonOptions.Flag("--abort", "Abort the question instead of answering it.");
        var wait = CommonOptions.Text("--wait", "NAME_OR_ID", "Which question, when there are several. Default: the only one.");
        var interactive = CommonOptions.Flag("--interactive", "Ask here, question by question.", "-i");
        return new LeafCommand("executions.input", "Answers the question of a waiting execution, which then goes on.", "kitaru executions input 0199c0de-0000-7000-8000-000000000000 --value true", async (call, cancellationToken) =>
        {
            var hasValue = call.IsGiven(value);
            if (call.Get(interactive))
            {
                CheckInteractive(call, hasValue, call.Get(abort));
                return await new InputSweep(call).RunAsync(call.Get(id), cancellationToken);
            }
            if (hasValue == call.Get(abort))
                throw new KitaruUsageException(
                    hasValue ? "--value and --abort exclude each other." : "Neither --value nor --abort was given.", "Give --value with the answer as JSON, --abort, or --interactive to be asked.");
            if (call.Get(id) is not { } text)
                throw new KitaruUsageException("EXEC_ID is missing.", "See what waits with kitaru executions list --status waiting, or be asked with kitaru executions input --interactive.");
            var execution = await ExecutionIds.FindAsync(call.Client, text, cancellationToken);
            JsonNode? answer = hasValue ? JsonOption.ValueOf(call, value) : null;
            var asked = PendingWait.Choose(execution, await call.Client.Executions.PendingWaitsAsync(execution, cancellationToken), call.Get(wait));
            await using var stack = await EmbeddedStack.StartAsync(call, cancellationToken);
            if (hasValue)
                await call.Client.Executions.InputAsync(execution, asked, answer, cancellationToken);
            else
                await call.Client.Executions.AbortWaitAsync(execution, asked, cancellationToken);
            await stack.HandOverAsync(execution);
            return await ExecutionAnswers.FullAsync(call, execution, cancellationToken);
        })
        {
            id,
            value,
            abort,
            wait,
            interactive,
        };
    }

    private static void CheckInteractive(CommandCall call, bool hasValue, bool isAbort)
    {
        if (hasValue || isAbort)
            throw new KitaruUsageException($"--interactive excludes {(hasValue ? "--value" : "--abort")}.", "Leave one of them out.");
        if (call.IsJson)
            throw new KitaruUsageException("--interactive excludes --output json.", "Give the answer with --value.");
        if (!call.Host.IsInputTerminal || !call.Host.IsOutputTerminal)
            throw new KitaruUsageException("--interactive needs a terminal for input and output.", "Give the answer with --value, or --abort.");
    }
}
