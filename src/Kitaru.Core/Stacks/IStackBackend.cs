namespace Kitaru.Core;

/// <summary>What runs the executions of one type of stack. It is asked before anything is stored.</summary>
public interface IStackBackend
{
    /// <summary>The type of stack.</summary>
    string Type { get; }

    /// <summary>How executions with this image run on the stack.</summary>
    StackLaunch Prepare(StackRecord stack, ImageSettings? image);
}

/// <summary>How executions run on a stack.</summary>
/// <param name="Environment">What their workers are given besides the code.</param>
/// <param name="Warning">What was asked for and has no effect there, or null.</param>
public sealed record StackLaunch(WorkerEnvironment Environment, string? Warning);
