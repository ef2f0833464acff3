using System.Text.Json.Nodes;
using Kitaru.Client.Transfers;
using Kitaru.Core;

namespace Kitaru;

/// <summary>Moves a project: from one store into a folder, and from there into another store (docs/moving.md).</summary>
public sealed class TransferClient
{
    private readonly KitaruClient _client;

    internal TransferClient(KitaruClient client) => _client = client;

    /// <summary>
    /// Writes executions, deployments and stacks, with their values and compiled code, into a folder. Started again it goes on where it was. Executions that a worker holds are left out; values of
    /// secrets are never written.
    /// </summary>
    /// <param name="folder">Empty, new, or of an export that was begun.</param>
    /// <param name="options">What to take along.</param>
    /// <param name="progress">Told what was written so far.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <exception cref="KitaruUsageException">The folder holds something else.</exception>
    public async Task<ExportReport> ExportAsync(string folder, ExportOptions? options = null, IProgress<string>? progress = null, CancellationToken cancellationToken = default) =>
        await new ProjectExport(await _client.OpenAsync(cancellationToken).ConfigureAwait(false), ArchiveFolder.ForWriting(folder), options ?? new ExportOptions(), _client.Time)
            .RunAsync(_client.Principal, progress, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Stores what an export wrote, and compares every execution with it by its hash. Started again it goes on; what is there already stays as it is.
    /// </summary>
    /// <param name="folder">Of an export that is complete.</param>
    /// <param name="progress">Told what was stored so far.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <exception cref="KitaruUsageException">The folder is no complete export, or was changed.</exception>
    /// <exception cref="KitaruStateException">Something of it is here in another form.</exception>
    public async Task<ImportReport> ImportAsync(string folder, IProgress<string>? progress = null, CancellationToken cancellationToken = default) =>
        await new ProjectImport(await _client.OpenAsync(cancellationToken).ConfigureAwait(false), ArchiveFolder.ForReading(folder))
            .RunAsync(progress, cancellationToken).ConfigureAwait(false);
}

/// <summary>What an export takes along.</summary>
public sealed record ExportOptions
{
    /// <summary>
    /// Whether executions that wait, sleep or are queued are moved: they come along and end here, to go on where they are imported. Otherwise only those that have ended are taken.
    /// </summary>
    public bool MoveOpen { get; init; }
}

/// <summary>What an export wrote.</summary>
/// <param name="Executions">Executions in the folder.</param>
/// <param name="Moved">Open ones among them, which ended here.</param>
/// <param name="LeftOut">Executions that stayed, because a worker held them, they were open, or they went on meanwhile.</param>
/// <param name="Deployments">Deployments.</param>
/// <param name="Stacks">Stacks.</param>
/// <param name="Snapshots">Compiled code.</param>
/// <param name="Values">Values that lie beside the executions.</param>
/// <param name="Secrets">Names of secrets: make them anew where it is imported.</param>
public sealed record ExportReport(int Executions, int Moved, int LeftOut, int Deployments, int Stacks, int Snapshots, int Values, IReadOnlyList<string> Secrets)
{
    /// <summary>As the command line prints it.</summary>
    public JsonObject ToJson() => new()
    {
        ["executions"] = Executions,
        ["moved"] = Moved,
        ["left_out"] = LeftOut,
        ["deployments"] = Deployments,
        ["stacks"] = Stacks,
        ["snapshots"] = Snapshots,
        ["values"] = Values,
        ["secrets"] = new JsonArray([.. Secrets.Select(name => (JsonNode)name)]),
    };
}

/// <summary>What an import stored.</summary>
/// <param name="Stored">Executions that are new here.</param>
/// <param name="Present">Executions that were here already.</param>
/// <param name="Verified">Executions whose hash here is that of the export: all of them.</param>
/// <param name="Deployments">Deployments that are new here.</param>
/// <param name="Stacks">Stacks that are new here.</param>
/// <param name="Snapshots">Compiled code that is new here.</param>
/// <param name="Values">Values that were stored.</param>
/// <param name="StacksToMake">Stacks that need credentials: make them anew.</param>
/// <param name="SecretsToMake">Secrets the export knew that are not here.</param>
public sealed record ImportReport(int Stored, int Present, int Verified, int Deployments, int Stacks, int Snapshots, int Values,
    IReadOnlyList<string> StacksToMake, IReadOnlyList<string> SecretsToMake)
{
    /// <summary>As the command line prints it.</summary>
    public JsonObject ToJson() => new()
    {
        ["stored"] = Stored,
        ["present"] = Present,
        ["verified"] = Verified,
        ["deployments"] = Deployments,
        ["stacks"] = Stacks,
        ["snapshots"] = Snapshots,
        ["values"] = Values,
        ["stacks_to_make"] = new JsonArray([.. StacksToMake.Select(name => (JsonNode)name)]),
        ["secrets_to_make"] = new JsonArray([.. SecretsToMake.Select(name => (JsonNode)name)]),
    };
}
