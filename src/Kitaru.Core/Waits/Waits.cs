using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>Where a wait stands.</summary>
public enum WaitStatus
{
    /// <summary>Nobody has answered.</summary>
    Pending,

    /// <summary>It has a value.</summary>
    Answered,

    /// <summary>It was aborted: the flow sees <see cref="WaitAbortedException"/>.</summary>
    Aborted,

    /// <summary>Its execution ended before anybody answered.</summary>
    Closed,
}

/// <summary>A question of an execution, with or without its answer.</summary>
public sealed record WaitRecord
{
    /// <summary>Its id.</summary>
    public required WaitId Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required ExecutionId ExecutionId { get; init; }

    /// <summary>Its name, unique within the execution (a repeat gets <c>_2</c>).</summary>
    public required string Name { get; init; }

    /// <summary>The question, or null.</summary>
    public string? Question { get; init; }

    /// <summary>The JSON Schema an answer must satisfy, or null for any value.</summary>
    public JsonObject? Schema { get; init; }

    /// <summary>What the flow attached.</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>Where it stands.</summary>
    public WaitStatus Status { get; init; }

    /// <summary>When the flow asked.</summary>
    public required DateTimeOffset EnteredAt { get; init; }

    /// <summary>The answer, JSON.</summary>
    public StoredValue? Answer { get; init; }

    /// <summary>When it was answered or aborted.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>Who answered or aborted.</summary>
    public string? ResolvedBy { get; init; }
}

/// <summary>Waits: answered and aborted by clients.</summary>
public interface IWaits
{
    /// <summary>Pending waits of one execution, oldest first.</summary>
    Task<IReadOnlyList<WaitRecord>> ListPendingAsync(ExecutionId id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Validates <paramref name="answer"/> (JSON) against the wait's schema, stores it and lets the execution go on.
    /// The same answer again is accepted and changes nothing.
    /// </summary>
    /// <param name="id">The execution.</param>
    /// <param name="wait">The wait's name or id.</param>
    /// <param name="answer">Any JSON value; a null node is JSON null.</param>
    /// <param name="by">Who answers, for the record.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="KitaruWaitValidationException">The answer does not fit; the wait stays pending.</exception>
    /// <exception cref="KitaruStateException">Nothing is pending, no such wait, or it has another answer.</exception>
    Task<WaitRecord> AnswerAsync(ExecutionId id, string wait, JsonNode? answer, string by, CancellationToken cancellationToken = default);

    /// <summary>Aborts a pending wait: the flow sees <see cref="WaitAbortedException"/> there. Aborted already: unchanged.</summary>
    Task<WaitRecord> AbortAsync(ExecutionId id, string wait, string by, CancellationToken cancellationToken = default);
}
