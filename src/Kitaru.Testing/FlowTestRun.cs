using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Engine;
using Kitaru.Hosting;

namespace Kitaru.Testing;

/// <summary>One execution in a <see cref="FlowTestHost"/>, as it stands after the latest call.</summary>
public class FlowTestRun
{
    private readonly FlowTestHost _host;
    private readonly FlowEntry _flow;
    private ExecutionDetail? _detail;

    internal FlowTestRun(FlowTestHost host, ExecutionId id, FlowEntry flow)
    {
        (_host, Id, _flow) = (host, id, flow);
    }

    /// <summary>The execution's id.</summary>
    public ExecutionId Id { get; }

    /// <summary>Where it stands.</summary>
    public ExecutionStatus Status => Detail.Execution.Status;

    /// <summary>Why it failed; null when it did not.</summary>
    public Failure? Failure => Detail.Execution.Failure;

    /// <summary>The questions it waits for, oldest first.</summary>
    public IReadOnlyList<WaitRecord> PendingWaits => Detail.Execution.PendingWaits;

    /// <summary>Its checkpoint calls in the order they were made, each with its attempts.</summary>
    public IReadOnlyList<CallRecord> Calls => Detail.Calls;

    /// <summary>The metadata its body has set.</summary>
    public JsonObject Metadata => Detail.Execution.Metadata;

    /// <summary>Everything that is stored of it.</summary>
    public ExecutionDetail Detail => _detail ?? throw new InvalidOperationException("The run has not begun.");

    /// <summary>How often its body was entered from the top.</summary>
    public int Passes { get; private set; }

    /// <summary>Answers a wait, as a client does, and goes on until the flow ends or rests again.</summary>
    /// <param name="wait">The wait's name.</param>
    /// <param name="answer">What the flow gets; it must fit the type the flow asked for.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="KitaruWaitValidationException">The answer does not fit.</exception>
    /// <exception cref="KitaruStateException">There is no such wait, or it has another answer.</exception>
    public async Task AnswerAsync(string wait, object? answer, CancellationToken cancellationToken = default)
    {
        await _host.ControlPlane.Waits.AnswerAsync(
            Id, wait, JsonSerializer.SerializeToNode(answer, ValueCodec.Json), "test", cancellationToken).ConfigureAwait(false);
        await GoOnAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Aborts a wait and goes on: the flow sees <see cref="WaitAbortedException"/>.</summary>
    /// <exception cref="KitaruStateException">There is no such wait, or it has an answer.</exception>
    public async Task AbortAsync(string wait, CancellationToken cancellationToken = default)
    {
        await _host.ControlPlane.Waits.AbortAsync(Id, wait, "test", cancellationToken).ConfigureAwait(false);
        await GoOnAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Cancels the execution while it rests.</summary>
    /// <exception cref="KitaruStateException">It has ended otherwise.</exception>
    public async Task CancelAsync(CancellationToken cancellationToken = default)
    {
        await _host.ControlPlane.Executions.CancelAsync(Id, "test", cancellationToken).ConfigureAwait(false);
        await GoOnAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens the failed execution again and goes on: finished calls keep their records.</summary>
    /// <exception cref="KitaruStateException">It has not failed.</exception>
    public async Task RetryAsync(CancellationToken cancellationToken = default)
    {
        await _host.ControlPlane.Executions.RetryAsync(Id, code: null, "test", cancellationToken).ConfigureAwait(false);
        await GoOnAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets time pass while the flow rests, and goes on with whatever became due.</summary>
    public async Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken = default)
    {
        _host.Clock.Advance(by);
        await GoOnAsync(cancellationToken).ConfigureAwait(false);
    }

    internal async Task GoOnAsync(CancellationToken cancellationToken)
    {
        Passes += await _host.DriveAsync(Id, _flow, cancellationToken).ConfigureAwait(false);
        _detail = await _host.ControlPlane.Executions.GetAsync(Id, cancellationToken).ConfigureAwait(false);
        Value = Detail.Execution.Result is { } result
            ? await _host.ControlPlane.Artifacts.ReadAllAsync(result, cancellationToken).ConfigureAwait(false)
            : null;
    }

    private protected byte[]? Value { get; private set; }
}

/// <inheritdoc/>
public sealed class FlowTestRun<T> : FlowTestRun
{
    internal FlowTestRun(FlowTestHost host, ExecutionId id, FlowEntry flow)
        : base(host, id, flow)
    {
    }

    /// <summary>What the flow returned.</summary>
    /// <exception cref="KitaruStateException">It has not completed; the message says where it stands and why.</exception>
    public T Result => Status == ExecutionStatus.Completed
        ? ValueCodec.Decode<T>(Detail.Execution.Result, Value)
        : throw new KitaruStateException(
            PendingWaits.Count > 0
                ? $"The flow has no result yet: it waits for {string.Join(", ", PendingWaits.Select(wait => $"'{wait.Name}'"))}."
                : $"The flow has no result: it is {Status.ToString().ToLowerInvariant()}. {Failure?.Message ?? Detail.Execution.StatusReason}",
            PendingWaits.Count > 0 ? "Answer it with AnswerAsync." : "Look at Failure and Calls.");
}
