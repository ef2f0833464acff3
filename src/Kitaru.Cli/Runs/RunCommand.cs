using Kitaru.Cli.Commands;
using Kitaru.Cli.Executions;
using Kitaru.Cli.Executions.Live;
using Kitaru.Cli.Output;
using Kitaru.Cli.Running;
using Kitaru.Core;

namespace Kitaru.Cli.Runs;

/// <summary>kitaru run.</summary>
internal static class RunCommand
{
    public static LeafCommand Create()
    {
        var settings = new RunSettings("The flow's inputs by parameter name.");
        var tags = CommonOptions.Texts("--tag", "TAG", "A label to find the execution by.");
        var detach = CommonOptions.Flag("--detach", "Return as soon as it runs; it goes on in the background.", "-d");
        var command = new LeafCommand(
            "run", "Builds a flow and runs it, and shows how it gets on until it ends or asks for input. Ctrl-C leaves it running.",
            "kitaru run flows/Research.cs:research_agent --input '{\"topic\": \"tea\"}'", async (call, cancellationToken) =>
            {
                var options = new RunOptions
                {
                    Stack = call.Get(settings.Stack),
                    Image = settings.ImageOf(call),
                    Cache = settings.Cache.Get(call),
                    Retries = call.Get(settings.Retries),
                    Tags = call.Get(tags) ?? [],
                    WorkingDirectory = call.Host.WorkingDirectory,
                };
                var inputs = JsonOption.ObjectOf(call, settings.Input);
                await using var stack = await EmbeddedStack.StartAsync(call, cancellationToken);
                ExecutionHandle handle;
                using (var progress = new ProgressLine(call))
                    handle = await call.Client.RunTargetAsync(call.Get(settings.Target), inputs, options, progress, cancellationToken);
                if (!call.Get(detach))
                    return await new Following(call, stack, handle).RunAsync(cancellationToken);
                await stack.HandOverAsync(handle.Id);
                return await ExecutionAnswers.FullAsync(call, handle.Id, cancellationToken, handle.Warning);
            });
        settings.AddTo(command);
        command.Add(tags);
        command.Add(detach);
        return command;
    }
}
