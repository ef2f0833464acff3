namespace Kitaru.Engine;

/// <summary>Which flow body or checkpoint the present code belongs to; it travels with the execution context.</summary>
internal static class FlowScope
{
    private static readonly AsyncLocal<object?> Frame = new();

    /// <summary>The run whose flow body this is; null in a checkpoint and outside.</summary>
    public static FlowRun? FlowBody => Frame.Value as FlowRun;

    /// <summary>The checkpoint this code runs in, ended or not.</summary>
    public static CheckpointFrame? Checkpoint => Frame.Value as CheckpointFrame;

    /// <summary>The run this code belongs to in any way.</summary>
    public static FlowRun? Run => Frame.Value is { } frame ? RunOf(frame) : null;

    /// <summary>The run that a flow body or checkpoint belongs to.</summary>
    public static FlowRun? RunOf(object frame) => frame as FlowRun ?? (frame as CheckpointFrame)?.Run;

    public static void Enter(FlowRun run) => Frame.Value = run;

    public static void Enter(CheckpointFrame checkpoint) => Frame.Value = checkpoint;
}
