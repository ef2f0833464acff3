using System.CommandLine;
using Kitaru.Cli.Commands;
using Kitaru.Core;

namespace Kitaru.Cli.Runs;

/// <summary>The target and the options of how its executions run: the same for run, build and deploy.</summary>
internal sealed class RunSettings(string inputDescription)
{
    public Argument<string> Target { get; } = CommonOptions.Argument("TARGET", "<where>:<flow>, where being a .cs file, a .csproj, a directory, a .dll or an assembly name, such as flows/Research.cs:research_agent.");

    public Option<string?> Input { get; } = JsonOption.Create("--input", inputDescription);

    public Option<string?> Stack { get; } = CommonOptions.Text("--stack", "STACK", "The stack to run on, by name or id. Default: the flow's, the project's, or the active one.");

    public Option<string?> Image { get; } = CommonOptions.Text("--image", "IMAGE|JSON|@FILE", "What its processes are made of: a base image's name, or an object of settings.");

    public Switch Cache { get; } = new("cache", "Checkpoints may reuse results of other executions.", "They may not. Without either each checkpoint decides.");

    public Option<int?> Retries { get; } = CommonOptions.Number("--retries", "How often the whole flow is tried again after a failure.", 0);

    public void AddTo(LeafCommand command)
    {
        command.Add(Target);
        command.Add(Input);
        command.Add(Stack);
        command.Add(Image);
        command.Add(Cache);
        command.Add(Retries);
    }

    public ImageSettings? ImageOf(CommandCall call) => JsonOption.TextOf(call, Image) is { } text ? ImageSettings.ParseText(text, "--image") : null;

    /// <summary>What a deployment is made with.</summary>
    public DeployOptions DeployOptions(CommandCall call) => new()
    {
        Inputs = JsonOption.ObjectOf(call, Input),
        Stack = call.Get(Stack),
        Image = ImageOf(call),
        Cache = Cache.Get(call),
        Retries = call.Get(Retries),
        WorkingDirectory = call.Host.WorkingDirectory,
    };
}
