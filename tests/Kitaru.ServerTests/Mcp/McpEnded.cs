using Kitaru.Core;

namespace Kitaru.ServerTests.Mcp;

/// <summary>Executions that have ended.</summary>
internal static class McpEnded
{
    public static async Task AsAsync(IControlPlane store, ExecutionId id, ExecutionStatus status)
    {
        var lease = (await store.Workers.ClaimOneAsync(new WorkerId(Some.NewId()), Some.Code, id)).ShouldNotBeNull().Lease;
        await store.Journal.AppendAsync(lease, Some.Entry(1, "a"));
        var failure = status == ExecutionStatus.Failed ? new Failure("broken", "System.Exception", null, FailureOrigin.UserCode) : null;
        await store.Journal.FinishAsync(lease, new Outcome(status, null, failure is null ? Some.Json("1") : null, failure, null));
    }
}
