using System.CommandLine;
using Kitaru.Cli.Output;

namespace Kitaru.Cli.Commands;

/// <summary>A command that does something: its words, its options, and its body. One file per command makes one, in its noun's folder.</summary>
internal sealed class LeafCommand : Command
{
    /// <summary>Creates it; arguments and options follow as a collection initializer.</summary>
    /// <param name="path">Its dotted name, which is in every envelope; the last word is what is typed.</param>
    /// <param name="description">What it does, in a sentence or two.</param>
    /// <param name="example">One call of it.</param>
    /// <param name="runAsync">Does it.</param>
    public LeafCommand(string path, string description, string example, Func<CommandCall, CancellationToken, Task<Answer>> runAsync)
        : base(path[(path.LastIndexOf('.') + 1)..], description)
    {
        (Path, Example, RunAsync) = (path, example, runAsync);
        Output = new Option<OutputFormat>("--output", "-o")
        {
            Description = "text for people, json for programs: one line on standard output.",
            HelpName = "text|json",
            DefaultValueFactory = _ => OutputFormat.Text,
            CustomParser = OutputFormats.Parse,
        };
        Output.CompletionSources.Clear();
        Output.CompletionSources.Add(OutputFormats.Names);
        Add(Output);
    }

    /// <summary>The dotted name.</summary>
    public string Path { get; }

    public string Example { get; }

    public Func<CommandCall, CancellationToken, Task<Answer>> RunAsync { get; }

    public Option<OutputFormat> Output { get; }

    /// <summary>As it is typed.</summary>
    public string Words => CommandPath.Words(this);

    /// <summary>Adds a pair <c>--name</c> and <c>--no-name</c>.</summary>
    public void Add(Switch pair)
    {
        Add(pair.On);
        Add(pair.Off);
    }

    /// <summary>Lets tokens through that are no options of it; its body reads them.</summary>
    public LeafCommand WithFreeTokens()
    {
        TreatUnmatchedTokensAsErrors = false;
        return this;
    }
}
