using System.Text;
using Kitaru.Cli.Running;
using Kitaru.CliTests.Runs;

namespace Kitaru.CliTests;

/// <summary>The program in this process, with a config directory, a working directory and an environment of its own.</summary>
internal sealed class CliWorld : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("kitaru-cli-").FullName;

    public CliWorld()
    {
        WorkingDirectory = Directory.CreateDirectory(Path.Combine(_root, "work")).FullName;
        ConfigDirectory = Path.Combine(_root, "config");
        Variables["KITARU_CONFIG_PATH"] = ConfigDirectory;
    }

    public string WorkingDirectory { get; }

    public string ConfigDirectory { get; }

    /// <summary>The environment; what is not in it is not set.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Runs it as a script does.</summary>
    public Task<CliResult> RunAsync(params string[] args) => RunWithInputAsync("", args);

    /// <summary>Runs it with a text on standard input.</summary>
    public Task<CliResult> RunWithInputAsync(string input, params string[] args) => RunAsync(host => host with { Input = new StringReader(input) }, args);

    /// <summary>Runs it on a terminal of this width, in colours when asked.</summary>
    public Task<CliResult> RunOnTerminalAsync(string typed, int columns, params string[] args) => RunAsync(
        host => host with
        {
            Input = new StringReader(typed),
            IsInputTerminal = true,
            IsOutputTerminal = true,
            IsErrorTerminal = true,
            Columns = () => columns,
        },
        args);

    /// <summary>Runs it in a changed host.</summary>
    public async Task<CliResult> RunAsync(Func<CliHost, CliHost> change, params string[] args)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var host = change(new CliHost
        {
            Input = new StringReader(""),
            Output = output,
            Error = error,
            Environment = name => Variables.GetValueOrDefault(name),
            WorkingDirectory = WorkingDirectory,
            Time = Time,
            ProgramFolder = FlowWorld.Program,
        });
        var exitCode = await CliRunner.RunAsync(args, host, CancellationToken.None);
        return new CliResult(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>A client of what the program works on.</summary>
    public KitaruClient Connect() => KitaruClient.Connect(new KitaruClientOptions { Environment = name => Variables.GetValueOrDefault(name), WorkingDirectory = WorkingDirectory, Time = Time });

    /// <summary>Writes a file into the working directory and answers with its path.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(WorkingDirectory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return path;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }
}
