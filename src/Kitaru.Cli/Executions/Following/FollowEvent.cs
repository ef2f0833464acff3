using Kitaru.Core;

namespace Kitaru.Cli.Executions.Following;

/// <summary>Something that happened to the execution that is followed.</summary>
internal abstract record FollowEvent;

/// <summary>It wrote a line.</summary>
internal sealed record LineEvent(LogEntry Line) : FollowEvent;

/// <summary>It stands otherwise than before.</summary>
/// <param name="Execution">The execution.</param>
/// <param name="Calls">Its calls, where they were asked for.</param>
internal sealed record StateEvent(ExecutionRecord Execution, IReadOnlyList<CallRecord> Calls) : FollowEvent;

/// <summary>It has ended, and its last line is out.</summary>
internal sealed record EndEvent(ExecutionRecord Execution, IReadOnlyList<CallRecord> Calls) : FollowEvent;
