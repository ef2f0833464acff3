using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>One execution with everything that hangs on it, as it is moved from one store to another.</summary>
/// <param name="Id">Its id, which it keeps.</param>
/// <param name="Flow">Its flow's name.</param>
/// <param name="HasEnded">Whether it has ended; one that has not goes on where it arrives.</param>
/// <param name="Epoch">What it was at when it was read; it has changed since if this has.</param>
/// <param name="Tables">Its rows by table: numbers and texts as they are, ids as 32 hex digits, bytes in base64.</param>
/// <param name="Hash">SHA-256 of all that, in hex: the same on every database.</param>
/// <param name="Values">Hashes of values that lie beside the rows, with their sizes.</param>
public sealed record ArchivedExecution(
    ExecutionId Id, string Flow, bool HasEnded, long Epoch, JsonObject Tables, string Hash, IReadOnlyDictionary<string, long> Values);

/// <summary>A page of executions on their way out, by id.</summary>
/// <param name="Items">The executions.</param>
/// <param name="Environments">The environments they were stored with, by id.</param>
/// <param name="Held">Executions of this page that a worker holds, and that are left out therefore.</param>
/// <param name="After">Where the next page starts; null when this was the last.</param>
public sealed record ExportPage(
    IReadOnlyList<ArchivedExecution> Items, IReadOnlyDictionary<string, JsonObject> Environments, IReadOnlyList<ExecutionId> Held, ExecutionId? After);

/// <summary>Executions on their way in.</summary>
/// <param name="Items">The executions.</param>
/// <param name="Environments">The environments they were stored with, by id.</param>
public sealed record ImportBatch(IReadOnlyList<ArchivedExecution> Items, IReadOnlyDictionary<string, JsonObject> Environments);

/// <summary>What came of a batch.</summary>
/// <param name="Stored">Executions that were stored.</param>
/// <param name="Present">Executions that were there already, exactly as they were sent.</param>
public sealed record ImportOutcome(int Stored, int Present);

/// <summary>A deployment as it is moved, with its number.</summary>
/// <param name="Flow">Its flow's name.</param>
/// <param name="LastVersion">The flow's highest number so far.</param>
/// <param name="Row">Its row, in the form of <see cref="ArchivedExecution.Tables"/>.</param>
/// <param name="Tags">Its tags, and whether each is exclusive.</param>
public sealed record ArchivedDeployment(string Flow, long LastVersion, JsonObject Row, IReadOnlyDictionary<string, bool> Tags);

/// <summary>
/// Moves a project between stores (docs/moving.md). What is moved keeps its id, so everything may be sent again: what is there already stays as it is.
/// </summary>
public interface ITransfers
{
    /// <summary>Reads the executions after this one, by id.</summary>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    /// <param name="limit">How many at most, 1 to 500.</param>
    /// <param name="withOpen">Whether those that wait, sleep or are queued come along; not only those that have ended.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    Task<ExportPage> ExportAsync(ExecutionId? after, int limit, bool withOpen, CancellationToken cancellationToken = default);

    /// <summary>Ends open executions that were read to be moved, unless they have changed since; returns those it ended.</summary>
    Task<IReadOnlyList<ExecutionId>> CloseMovedAsync(IReadOnlyDictionary<ExecutionId, long> epochs, string by, CancellationToken cancellationToken = default);

    /// <summary>Stores executions, all of the batch or none. Values that lie beside them must have been stored first.</summary>
    /// <exception cref="KitaruUsageException">A row is not one of an execution, or does not fit its hash.</exception>
    /// <exception cref="KitaruStateException">Another execution has the id of one, or its idempotency key.</exception>
    Task<ImportOutcome> ImportAsync(ImportBatch batch, CancellationToken cancellationToken = default);

    /// <summary>The hash of each of these that is there, as it is stored now.</summary>
    Task<IReadOnlyDictionary<ExecutionId, string>> DigestAsync(IReadOnlyList<ExecutionId> ids, CancellationToken cancellationToken = default);

    /// <summary>All deployments, with the environments they were stored with.</summary>
    Task<(IReadOnlyList<ArchivedDeployment> Items, IReadOnlyDictionary<string, JsonObject> Environments)> ExportDeploymentsAsync(CancellationToken cancellationToken = default);

    /// <summary>Stores deployments under their own numbers; those that are there stay as they are. Returns how many were stored.</summary>
    /// <exception cref="KitaruStateException">Another deployment has the number of one.</exception>
    Task<int> ImportDeploymentsAsync(
        IReadOnlyList<ArchivedDeployment> items, IReadOnlyDictionary<string, JsonObject> environments, CancellationToken cancellationToken = default);
}
