using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>
/// One numbered, immutable version of a flow (platform.md 1): its compiled code, its frozen settings and default inputs. Only its tags move.
/// </summary>
public sealed record DeploymentRecord
{
    /// <summary>Its id.</summary>
    public required DeploymentId Id { get; init; }

    /// <summary>The flow's name.</summary>
    public required string Flow { get; init; }

    /// <summary>Its number among the flow's deployments, from 1; never used again.</summary>
    public required int Version { get; init; }

    /// <summary>Its tags in ordinal order; true for exclusive ones.</summary>
    public required IReadOnlyDictionary<string, bool> Tags { get; init; }

    /// <summary>The code it runs.</summary>
    public required SnapshotId Snapshot { get; init; }

    /// <summary>What was deployed, as the caller wrote it.</summary>
    public required string Target { get; init; }

    /// <summary>The target with its path made absolute.</summary>
    public string? Source { get; init; }

    /// <summary>The commit of the source's repository, or null when it is in none.</summary>
    public string? CommitSha { get; init; }

    /// <summary>Whether the repository had changes that were not committed.</summary>
    public bool? CommitDirty { get; init; }

    /// <summary>Digest of the image it was built into; null where none is built.</summary>
    public string? ImageDigest { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>JSON Schema of the inputs of an invocation; null when it could not be derived.</summary>
    public JsonObject? Schema { get; init; }

    /// <summary>Inputs given at deploy: defaults of every invocation, by parameter name.</summary>
    public required JsonObject Inputs { get; init; }

    /// <summary>The stack its executions run on.</summary>
    public required string StackName { get; init; }

    /// <summary>The frozen execution spec of its executions (runtime.md 1.8).</summary>
    public required JsonObject Spec { get; init; }

    /// <summary>The environment its executions run in.</summary>
    public required EnvironmentId Environment { get; init; }

    /// <summary>How often the whole flow is tried again after a failure.</summary>
    public int Retries { get; init; }
}

/// <summary>What is needed to store a new deployment.</summary>
public sealed record NewDeployment
{
    /// <summary>The flow's name.</summary>
    public required string Flow { get; init; }

    /// <summary>Its tags; true for exclusive ones.</summary>
    public required IReadOnlyDictionary<string, bool> Tags { get; init; }

    /// <summary>The code it runs.</summary>
    public required SnapshotId Snapshot { get; init; }

    /// <summary>What is deployed, as the caller wrote it.</summary>
    public required string Target { get; init; }

    /// <summary>The target with its path made absolute.</summary>
    public string? Source { get; init; }

    /// <summary>The commit of the source's repository.</summary>
    public string? CommitSha { get; init; }

    /// <summary>Whether the repository had changes that were not committed.</summary>
    public bool? CommitDirty { get; init; }

    /// <summary>JSON Schema of the inputs of an invocation.</summary>
    public JsonObject? Schema { get; init; }

    /// <summary>Default inputs by parameter name.</summary>
    public JsonObject Inputs { get; init; } = [];

    /// <summary>The stack its executions run on.</summary>
    public required string StackName { get; init; }

    /// <summary>The frozen execution spec.</summary>
    public required JsonObject Spec { get; init; }

    /// <summary>The environment its executions run in.</summary>
    public WorkerEnvironment Environment { get; init; } = WorkerEnvironment.Plain;

    /// <summary>How often the whole flow is tried again after a failure.</summary>
    public int Retries { get; init; }

    /// <summary>Whether the flow's first deployment gets <c>default</c> besides its own tags.</summary>
    public bool DefaultOnFirst { get; init; } = true;
}

/// <summary>Executions of a flow that have not ended and run something else than a deployment's code.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Items">The newest of them.</param>
public sealed record OtherCodeInFlight(long Count, IReadOnlyList<ExecutionRecord> Items);

/// <summary>Which deployments to list.</summary>
public sealed record DeploymentQuery
{
    /// <summary>The flow's exact name; null for all flows.</summary>
    public string? Flow { get; init; }

    /// <summary>Only versions with this tag.</summary>
    public string? Tag { get; init; }

    /// <summary>How many at most, 1 to 1000.</summary>
    public int Limit { get; init; } = 20;

    /// <summary>Continue after the page that answered this cursor.</summary>
    public string? Cursor { get; init; }
}

/// <summary>Deployments: made, tagged, found (platform.md 1.4-1.7). Every change is one transaction.</summary>
public interface IDeployments
{
    /// <summary>Stores the next version of a flow with its tags; an exclusive tag leaves every other version in the same moment.</summary>
    /// <exception cref="KitaruUsageException">A name or tag breaks a rule.</exception>
    Task<DeploymentRecord> CreateAsync(NewDeployment deployment, CancellationToken cancellationToken = default);

    /// <summary>A page of all deployments, or of one flow's, by flow and then version.</summary>
    /// <exception cref="KitaruUsageException">The flow's name breaks a rule, or the cursor is not one of this list.</exception>
    Task<Page<DeploymentRecord>> ListAsync(DeploymentQuery query, CancellationToken cancellationToken = default);

    /// <summary>The deployment a version or a tag leads to; without either, the one tagged <c>default</c> (platform.md 1.7).</summary>
    /// <param name="flow">The flow's name.</param>
    /// <param name="version">Its number.</param>
    /// <param name="tag">A tag that is on exactly one version.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="KitaruUsageException">Version and tag were given, or one breaks a rule.</exception>
    /// <exception cref="KitaruLookupException">There is none.</exception>
    /// <exception cref="KitaruStateException">The tag is on several versions, or there is no <c>default</c>.</exception>
    Task<DeploymentRecord> ResolveAsync(string flow, int? version, string? tag, CancellationToken cancellationToken = default);

    /// <summary>Executions of the flow that have not ended and are on another version, or on other code; the newest of them.</summary>
    /// <param name="flow">The flow's name.</param>
    /// <param name="snapshot">The code to compare with.</param>
    /// <param name="deployment">The deployment whose executions do not count, or null.</param>
    /// <param name="limit">How many to answer, 0 to 1000; all are counted.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    Task<OtherCodeInFlight> FindInFlightAsync(
        string flow, SnapshotId snapshot, DeploymentId? deployment, int limit, CancellationToken cancellationToken = default);

    /// <summary>Puts a tag on a version; an exclusive one leaves every other version in the same moment.</summary>
    /// <exception cref="KitaruUsageException">A name or tag breaks a rule.</exception>
    /// <exception cref="KitaruLookupException">There is no such version.</exception>
    Task<DeploymentRecord> TagAsync(string flow, int version, string tag, bool exclusive, CancellationToken cancellationToken = default);

    /// <summary>Takes a tag off a version; not there: nothing happens.</summary>
    /// <exception cref="KitaruUsageException">It is <c>default</c>.</exception>
    /// <exception cref="KitaruLookupException">There is no such version.</exception>
    Task<DeploymentRecord> UntagAsync(string flow, int version, string tag, CancellationToken cancellationToken = default);

    /// <summary>Deletes a version; its number is never used again. Its executions, and the code they run, stay.</summary>
    /// <exception cref="KitaruStateException">An exclusive tag is on it.</exception>
    /// <exception cref="KitaruLookupException">There is no such version.</exception>
    Task DeleteAsync(string flow, int version, CancellationToken cancellationToken = default);
}
