namespace Kitaru.Client;

/// <summary>An execution that a call has started.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Warning">What of the call has no effect.</param>
internal sealed record StartedExecution(ExecutionId Id, string? Warning);
