using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Client.Status;

namespace Kitaru.Cli.Connection;

/// <summary>kitaru status.</summary>
internal static class StatusCommand
{
    public static LeafCommand Create() => new(
        "status", "Shows what Kitaru is connected to. It answers also when that does not work.", "kitaru status", async (call, cancellationToken) =>
        {
            var snapshot = await RuntimeSnapshots.TakeAsync(call.Client, await StoreFault.FindAsync(call, cancellationToken), cancellationToken: cancellationToken);
            return Answer.Item(snapshot.ToJson(), RuntimeView.Status(snapshot)) with { Hints = RuntimeView.Hints(snapshot) };
        });
}
