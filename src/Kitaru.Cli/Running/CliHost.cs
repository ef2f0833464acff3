using System.Text;

namespace Kitaru.Cli.Running;

/// <summary>Everything around a command: the streams, whether people look at them, the environment, the clock.</summary>
internal sealed record CliHost
{
    private const int PlainWidth = 80;
    private const int PlainHeight = 24;

    // Opened by the first question: opening it costs time, and changes a terminal's settings.
    private TextReader? _input;

    public TextReader Input { get => _input ??= Console.In; init => _input = value; }

    /// <summary>Data.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Talk: errors, hints, questions, progress.</summary>
    public required TextWriter Error { get; init; }

    public bool IsInputTerminal { get; init; }

    public bool IsOutputTerminal { get; init; }

    public bool IsErrorTerminal { get; init; }

    /// <summary>Columns of the terminal, asked each time: it can be resized.</summary>
    public Func<int> Columns { get; init; } = () => PlainWidth;

    /// <summary>Rows of the terminal, asked each time.</summary>
    public Func<int> Rows { get; init; } = () => PlainHeight;

    public required Func<string, string?> Environment { get; init; }

    public required string WorkingDirectory { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Reads a line that is not shown while it is typed.</summary>
    public Func<TextReader, CancellationToken, Task<string?>> ReadHiddenAsync { get; init; } = (input, cancellationToken) => input.ReadLineAsync(cancellationToken).AsTask();

    /// <summary>The library; tests give it options of their own.</summary>
    public Func<KitaruClientOptions, KitaruClient> Connect { get; init; } = options => KitaruClient.Connect(options);

    /// <summary>Where the programs lie that this one starts.</summary>
    public string ProgramFolder { get; init; } = AppContext.BaseDirectory;

    public bool AllowsColor => string.IsNullOrEmpty(Environment("NO_COLOR")) && Environment("TERM") != "dumb";

    public static CliHost OfProcess()
    {
        if (Console.IsOutputRedirected)
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new CliHost
        {
            Output = Console.Out,
            Error = Console.Error,
            IsInputTerminal = !Console.IsInputRedirected,
            IsOutputTerminal = !Console.IsOutputRedirected,
            IsErrorTerminal = !Console.IsErrorRedirected,
            Columns = () => SizeOf(() => Console.WindowWidth, PlainWidth),
            Rows = () => SizeOf(() => Console.WindowHeight, PlainHeight),
            ReadHiddenAsync = (_, cancellationToken) => HiddenInput.ReadAsync(cancellationToken),
            Environment = System.Environment.GetEnvironmentVariable,
            WorkingDirectory = System.Environment.CurrentDirectory,
        };
    }

    /// <summary>A path as the user wrote it, from the working directory.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, WorkingDirectory);

    private static int SizeOf(Func<int> ask, int otherwise)
    {
        try
        {
            return ask() is > 0 and var size ? size : otherwise;
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException)
        {
            return otherwise;
        }
    }
}
