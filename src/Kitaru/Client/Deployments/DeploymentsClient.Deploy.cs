using System.Linq.Expressions;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Client.Deployments;
using Kitaru.ControlPlane.Stacks.Local;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core;

namespace Kitaru;

/// <content>Making deployments.</content>
public sealed partial class DeploymentsClient
{
    private const int InFlightMax = 20;

    /// <summary>
    /// Builds a target and stores it as the flow's next version: its compiled code, its settings and default inputs. The source is not needed
    /// from then on. The same code twice is stored once. A failure stores nothing.
    /// </summary>
    /// <param name="target">A .cs file, a .csproj or its directory, a .dll, or an assembly name; then a colon and the flow's name.</param>
    /// <param name="options">Options.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops the build.</param>
    /// <exception cref="KitaruUsageException">Bad target, unknown flow, a tag that breaks a rule, or inputs that do not fit.</exception>
    /// <exception cref="KitaruBuildException">The target does not compile.</exception>
    public async Task<Deployment> DeployTargetAsync(
        string target, DeployOptions? options = null, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new DeployOptions();
        var made = await _client.ChangeAsync(
            "Deployments.DeployTargetAsync", new JsonObject { ["target"] = target, ["options"] = JsonSerializer.SerializeToNode(options) },
            async client =>
            {
                var (deployment, warning) = await client.Deployments.PrepareAsync(target, options, progress, cancellationToken).ConfigureAwait(false);
                var port = await client.Deployments.PortAsync(cancellationToken).ConfigureAwait(false);
                return new Made(await port.CreateAsync(deployment, cancellationToken).ConfigureAwait(false), warning);
            },
            cancellationToken).ConfigureAwait(false);
        return new Deployment(_client, made.Record, made.Warning);
    }

    /// <summary>
    /// What a deploy would store, and whether the executions under way could go on with the new code: the newest of them are run against their own
    /// records in a process apart, in which no checkpoint runs and nothing is stored.
    /// </summary>
    /// <inheritdoc cref="DeployTargetAsync"/>
    public async Task<DeploymentPlan> PlanDeployAsync(
        string target, DeployOptions? options = null, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new DeployOptions();
        var (prepared, warning) = await PrepareAsync(target, options, progress, cancellationToken).ConfigureAwait(false);
        var port = await PortAsync(cancellationToken).ConfigureAwait(false);
        if (options.DefaultOnFirst && (await port.ListAsync(new DeploymentQuery { Flow = prepared.Flow, Limit = 1 }, cancellationToken).ConfigureAwait(false)).Total == 0)
            prepared = prepared with { Tags = DeploymentRules.Tags(new Dictionary<string, bool>(prepared.Tags) { [DeploymentRules.DefaultTag] = true }) };
        var inFlight = await port.FindInFlightAsync(prepared.Flow, prepared.Snapshot, null, InFlightMax, cancellationToken).ConfigureAwait(false);
        var checks = await new ReplayChecks(_client.Directory, _client.Time)
            .RunAsync(prepared.Snapshot, inFlight.Items, progress, cancellationToken).ConfigureAwait(false);
        return new DeploymentPlan(prepared, inFlight, checks, warning);
    }

    /// <summary>Not for a program's own flows: there is no stored copy of their code. Deploy by target.</summary>
    /// <exception cref="KitaruFeatureNotAvailableException">Always.</exception>
    public Task<Deployment> DeployAsync(Expression<Func<Task>> flow, DeployOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new KitaruFeatureNotAvailableException(
            $"{flow.Body} is this program's own code: no copy of it lies in '{_client.Directory.Snapshots}', so no worker could run it later.",
            "Deploy it by target: client.Deployments.DeployTargetAsync(\"src/MyApp.Flows:research_agent\").");

    /// <summary>Executions of the flow that have not ended and run another version or other code; the newest of them, all counted.</summary>
    public async Task<OtherCodeInFlight> FindInFlightAsync(Deployment deployment, int limit = InFlightMax, CancellationToken cancellationToken = default) =>
        await (await PortAsync(cancellationToken).ConfigureAwait(false))
            .FindInFlightAsync(deployment.Flow, deployment.Record.Snapshot, deployment.Id, limit, cancellationToken).ConfigureAwait(false);

    private async Task<(NewDeployment Deployment, string? Warning)> PrepareAsync(
        string target, DeployOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var tags = DeploymentRules.Tags(options.Tags);
        var controlPlane = await _client.OpenAsync(cancellationToken).ConfigureAwait(false);
        var builder = _client.BuilderOn(controlPlane);
        var resolver = _client.SettingsOn(controlPlane);
        var folder = Path.GetDirectoryName(TargetReference.Parse(target, options.Folder).FullPath)!;
        await resolver.CheckAsync(options.Settings, folder, cancellationToken).ConfigureAwait(false);
        var built = await builder.BuildAsync(target, options.Folder, progress, cancellationToken).ConfigureAwait(false);
        var flow = built.Flow;
        var inputs = DeploymentInputs.Check(flow, options.Inputs);
        var settings = await resolver.ResolveAsync(flow, options.Settings, folder, cancellationToken).ConfigureAwait(false);
        var revision = await SourceRevision.ReadAsync(built.Source[..built.Source.LastIndexOf(':')], _client.Time, cancellationToken).ConfigureAwait(false);
        var deployment = new NewDeployment
        {
            Flow = DeploymentRules.Flow(flow.Name),
            Tags = tags,
            DefaultOnFirst = options.DefaultOnFirst,
            Snapshot = built.Snapshot,
            Target = target,
            Source = built.Source,
            CommitSha = revision.Commit,
            CommitDirty = revision.IsDirty,
            Inputs = inputs,
            Schema = DeploymentInputs.Schema(flow, inputs),
            StackName = settings.StackName,
            Environment = settings.Environment,
            Spec = settings.Spec ?? [],
            Retries = settings.Retries,
        };
        return (deployment, settings.Warning);
    }

    private sealed record Made(DeploymentRecord Record, string? Warning);
}
