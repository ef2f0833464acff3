using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Client;
using Kitaru.Client.Settings;
using Kitaru.Client.Stacks;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.Core.Flows;
using Kitaru.Core.Json;

namespace Kitaru;

/// <content>Flows that are built from a target and run in a worker.</content>
public sealed partial class KitaruClient
{
    /// <summary>
    /// Builds a target such as <c>flows/Research.cs:research_agent</c>, checks the inputs against the flow's parameters, and stores an execution of it.
    /// A failure before that creates nothing. A worker runs it, started by any process that watches this store.
    /// </summary>
    /// <param name="target">A .cs file, a .csproj or its directory, a .dll, or an assembly name; then a colon and the flow's name.</param>
    /// <param name="args">Inputs by parameter name.</param>
    /// <param name="options">Options.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops the build; an execution that was stored goes on.</param>
    /// <exception cref="KitaruUsageException">Bad target, unknown flow, or inputs that do not fit.</exception>
    /// <exception cref="KitaruBuildException">The target does not compile.</exception>
    public async Task<ExecutionHandle> RunTargetAsync(
        string target, JsonObject? args = null, RunOptions? options = null, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new RunOptions();
        var started = await StartAsync(
            options.IdempotencyKey, "RunTargetAsync", new JsonObject { ["target"] = target, ["args"] = args?.DeepClone(), ["options"] = options.Identity() },
            client => client.StartTargetAsync(target, args, options, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
        return new ExecutionHandle(this, started.Id, started.Warning);
    }

    private async Task<StartedExecution> StartTargetAsync(
        string target, JsonObject? args, RunOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var controlPlane = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var builder = BuilderOn(controlPlane);
        var from = options.WorkingDirectory ?? WorkingDirectory;
        var folder = Path.GetDirectoryName(TargetReference.Parse(target, from).FullPath)!;
        await SettingsOn(controlPlane).CheckAsync(options.Settings, folder, cancellationToken).ConfigureAwait(false);
        var built = await builder.BuildAsync(target, from, progress, cancellationToken).ConfigureAwait(false);
        var inputs = InputBinder.Bind(built.Flow, args);
        var settings = await SettingsOn(controlPlane).ResolveAsync(built.Flow, options.Settings, folder, cancellationToken).ConfigureAwait(false);
        var record = await CreateAsync(built.Flow, built.Snapshot, target, built.Source, inputs, options, settings, cancellationToken).ConfigureAwait(false);
        return new StartedExecution(record.Id, settings.Warning);
    }

    /// <summary>Builds targets of this machine.</summary>
    /// <exception cref="KitaruFeatureNotAvailableException">They are none of the caller's.</exception>
    internal TargetBuilder BuilderOn(IControlPlane controlPlane) => !_options.IsForOthers
        ? new TargetBuilder(Directory, controlPlane.Snapshots)
        : throw new KitaruFeatureNotAvailableException(
            "This server builds no targets: it reads nothing from its own disk for others.",
            "Start what is deployed (kitaru_deployments_invoke), go on with recorded code (code=recorded), or use kitaru-mcp or the library where the source is, connected to this server.");

    /// <summary>Puts together how executions run.</summary>
    internal SettingsResolver SettingsOn(IControlPlane controlPlane) => new(controlPlane, _options.Defaults, _options.Environment, Stacks.ActiveAsync, ProjectName());

    private string ProjectName() =>
        (_options.Connected is { } report ? report.User?.ProjectName ?? report.Settings?.Project : _view is null ? ReadConnection().WithProject().Project : null) ?? Project.DefaultName;

    private async Task<ExecutionRecord> CreateAsync(
        FlowDefinition flow, SnapshotId snapshot, string? target, string? source, JsonObject inputs, RunOptions options, ResolvedSettings settings,
        CancellationToken cancellationToken, WorkerId? takenBy = null)
    {
        var controlPlane = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await controlPlane.Executions.CreateAsync(new NewExecution
        {
            Id = new ExecutionId(Guid.CreateVersion7(Time.GetUtcNow())),
            FlowName = flow.Name,
            Snapshot = snapshot,
            Target = target,
            Source = source,
            Inputs = StoredValue.Of(StoredValue.Json, "inputs", JsonSerializer.SerializeToUtf8Bytes(inputs, KitaruJson.Options)),
            StackName = settings.StackName,
            Environment = settings.Environment,
            Retries = settings.Retries,
            IdempotencyKey = StoredKey,
            Seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))),
            Tags = options.Tags,
            Spec = settings.Spec,
            TakenBy = takenBy,
        }, cancellationToken).ConfigureAwait(false);
    }
}
