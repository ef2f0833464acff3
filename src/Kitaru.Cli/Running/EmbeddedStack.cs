using Kitaru.Cli.Commands;
using Kitaru.Client.Connection;
using Kitaru.ControlPlane.Stacks.Local;
using Kitaru.Core;

namespace Kitaru.Cli.Running;

/// <summary>
/// On the embedded store nobody else may be there to run what a command makes runnable: then this process starts the worker. The worker goes on when this process ends, with what it has taken.
/// With a server this is nothing: the server sees to it.
/// </summary>
internal sealed class EmbeddedStack : IAsyncDisposable
{
    /// <summary>A worker that has to be started first takes a while; longer than this something is wrong, and the execution says what.</summary>
    private static readonly TimeSpan HandOverMax = TimeSpan.FromSeconds(30);

    private readonly CommandCall _call;
    private readonly LocalStack? _stack;

    private EmbeddedStack(CommandCall call, LocalStack? stack) => (_call, _stack) = (call, stack);

    /// <summary>Whether executions go on here, without a server.</summary>
    public bool IsEmbedded => _stack is not null;

    public static async Task<EmbeddedStack> StartAsync(CommandCall call, CancellationToken cancellationToken)
    {
        var isEmbedded = call.Client.ReadConnection().Kind == ConnectionKind.Embedded;
        var controlPlane = await call.Client.OpenAsync(cancellationToken);
        return new EmbeddedStack(call, isEmbedded
            ? new LocalStack(controlPlane, call.Client.Directory, LocalStackOptions.FromEnvironment(call.Host.Environment)).Start()
            : null);
    }

    /// <summary>Returns when a worker has the execution, or nothing of it is to be run now.</summary>
    public async Task HandOverAsync(ExecutionId id)
    {
        if (_stack is null)
            return;
        using var late = new CancellationTokenSource(HandOverMax, _call.Host.Time);
        try
        {
            var executions = (await _call.Client.OpenAsync(late.Token)).Executions;
            long seen = 0;
            while (await executions.FindAsync(id, late.Token) is { Status: ExecutionStatus.Queued })
                seen = await executions.WaitForChangeAsync(seen, late.Token);
        }
        catch (OperationCanceledException)
        {
            await _call.TalkAsync("Warning: no worker has taken the execution yet; kitaru executions explain says why.");
        }
    }

    public ValueTask DisposeAsync() => _stack?.DisposeAsync() ?? ValueTask.CompletedTask;
}
