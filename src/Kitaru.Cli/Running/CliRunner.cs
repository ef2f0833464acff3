using System.CommandLine;
using System.CommandLine.Parsing;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Client.Status;
using Kitaru.Core;

namespace Kitaru.Cli.Running;

/// <summary>One call of the program: parses, runs the command, writes its answer or its error, and says how it ended.</summary>
internal static class CliRunner
{
    public const int Success = 0;

    /// <summary>An error, a refusal, an execution that failed.</summary>
    public const int Failure = 1;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 2;

    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliHost host, CancellationToken cancellationToken)
    {
        var root = CommandTree.Create();
        // A text that begins with @ is a value's file here, never more arguments.
        var parsed = CommandLineParser.Parse(root, args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var errors = new ErrorWriter(host, CommandPath.Of(parsed.CommandResult.Command), ErrorWriter.WantsJson(args));
        if (parsed.GetValue(root.Help) || (parsed.CommandResult.Command is not LeafCommand && args.Count == 0))
            return WriteHelp(host, parsed.CommandResult.Command);
        if (parsed.GetValue(root.Version))
        {
            await host.Output.WriteLineAsync(RuntimeSnapshots.LibraryVersion);
            return Success;
        }
        if (UsageFault.Find(parsed) is { } fault)
        {
            await errors.WriteAsync(fault.Message, type: null, fault.NextStep);
            return Usage;
        }
        return parsed.CommandResult.Command is LeafCommand leaf ? await RunAsync(leaf, parsed, host, errors, cancellationToken) : WriteHelp(host, parsed.CommandResult.Command);
    }

    private static async Task<int> RunAsync(LeafCommand command, ParseResult parsed, CliHost host, ErrorWriter errors, CancellationToken cancellationToken)
    {
        await using var call = new CommandCall(command, parsed, host);
        try
        {
            var answer = await command.RunAsync(call, cancellationToken);
            await AnswerWriter.WriteAsync(answer, call);
            return answer.ExitCode;
        }
        catch (KitaruException fault)
        {
            await errors.WriteAsync(fault);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await errors.WriteAsync("Interrupted.", type: null, nextStep: null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await errors.WriteAsync(Texts.Short(fault.Message, 2000), "KitaruRuntimeError", nextStep: null);
        }
        catch (Exception fault) when (host.Environment("KITARU_DEBUG") is not ("1" or "true"))
        {
            await errors.WriteAsync(
                $"{command.Words} failed in an unexpected way: {fault.GetType().Name}: {Texts.Short(fault.Message, 2000)}", "KitaruRuntimeError", "Set KITARU_DEBUG=1 and call again for the details.");
        }
        return Failure;
    }

    private static int WriteHelp(CliHost host, Command command)
    {
        HelpWriter.Write(command, host.Output, host.IsOutputTerminal ? Math.Clamp(host.Columns(), 40, 120) : 100);
        return Success;
    }
}
