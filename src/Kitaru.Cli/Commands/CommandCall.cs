using System.CommandLine;
using System.Text.Json.Nodes;
using Kitaru.Cli.Output;
using Kitaru.Cli.Running;

namespace Kitaru.Cli.Commands;

/// <summary>One call of a command: its arguments, and what is around it. The client costs nothing until something of it is called.</summary>
internal sealed class CommandCall(LeafCommand command, ParseResult parsed, CliHost host) : IAsyncDisposable
{
    private KitaruClient? _client;

    public LeafCommand Command { get; } = command;

    public CliHost Host { get; } = host;

    public bool IsJson { get; } = parsed.GetValue(command.Output) == OutputFormat.Json;

    /// <summary>Whether somebody looks at the answer as it appears: colours, panels, progress.</summary>
    public bool IsForPeople => !IsJson && Host.IsOutputTerminal;

    /// <summary>Whether a question can be asked.</summary>
    public bool CanAsk => Host.IsInputTerminal && Host.IsErrorTerminal;

    /// <summary>What the settings name; opened by its first call.</summary>
    public KitaruClient Client => _client ??= Connect(new KitaruClientOptions());

    /// <summary>Who changes something, for the record.</summary>
    public static string Principal => $"cli:{Environment.UserName}";

    /// <summary>Tokens that are no options, of a command that takes such.</summary>
    public IReadOnlyList<string> FreeTokens => parsed.UnmatchedTokens;

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    /// <summary>Whether it stands on the command line.</summary>
    public bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>A client with other options than the usual, which the caller disposes of.</summary>
    public KitaruClient Connect(KitaruClientOptions options) => Host.Connect(options with
    {
        Environment = Host.Environment,
        WorkingDirectory = Host.WorkingDirectory,
        Time = Host.Time,
        Principal = Principal,
    });

    /// <summary>A line for people beside the answer: what is going on. Nothing when JSON is asked for.</summary>
    public async Task TalkAsync(string line)
    {
        if (!IsJson)
            await Host.Error.WriteLineAsync(Clean.Line(line));
    }

    /// <summary>One line of a stream in JSON: an envelope with an event, written at once.</summary>
    public async Task WriteEventAsync(string name, JsonNode? item, CancellationToken cancellationToken)
    {
        await Host.Output.WriteLineAsync(Envelope.Event(Command.Path, name, item).AsMemory(), cancellationToken);
        await Host.Output.FlushAsync(cancellationToken);
    }

    /// <summary>Writes text blocks now, for a command that answers in steps.</summary>
    public async Task WriteTextAsync(params TextBlock[] blocks)
    {
        await Host.Output.WriteAsync(new TextRenderer(Host).Render(blocks));
        await Host.Output.FlushAsync();
    }

    public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? ValueTask.CompletedTask;
}
