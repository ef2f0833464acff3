namespace Kitaru;

/// <summary>Whether an execution could go on with other code.</summary>
/// <param name="Execution">The execution.</param>
/// <param name="WouldReplay">True: the code makes every recorded call. False: it does not, or fails. Null: that could not be found out.</param>
/// <param name="Why">What was found.</param>
public sealed record ReplayCheck(ExecutionId Execution, bool? WouldReplay, string Why);
