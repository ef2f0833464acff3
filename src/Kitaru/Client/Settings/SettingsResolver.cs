using Kitaru.Client.Stacks;
using Kitaru.Core;
using Kitaru.Core.Flows;

namespace Kitaru.Client.Settings;

/// <summary>
/// Puts the layers together: the call, the flow's attribute, the client's defaults, the environment, the project file, the active stack, what is
/// built in (docs/configuration.md).
/// </summary>
internal sealed class SettingsResolver(
    IControlPlane controlPlane, ExecutionSettings defaults, Func<string, string?> environment, Func<CancellationToken, Task<ActiveStack>> active, string project)
{
    /// <summary>Refuses early what can be refused without the flow, so that nothing is built in vain.</summary>
    public async Task CheckAsync(ExecutionSettings call, string folder, CancellationToken cancellationToken)
    {
        var layers = Layers(call, flow: null, folder);
        if (call.Stack is { } stack)
            _ = await controlPlane.Stacks.PrepareAsync(await FindAsync(stack, layers[0], cancellationToken).ConfigureAwait(false), call.Image, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How the flow will run.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="call">What the caller says; it wins.</param>
    /// <param name="folder">From where the project file is looked for, upwards.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="KitaruUsageException">A layer makes no sense, or names a stack that is not there.</exception>
    /// <exception cref="KitaruFeatureNotAvailableException">Nothing here runs executions on that stack.</exception>
    public async Task<ResolvedSettings> ResolveAsync(FlowDefinition flow, ExecutionSettings call, string folder, CancellationToken cancellationToken)
    {
        var layers = Layers(call, flow, folder);
        var named = layers.FirstOrDefault(layer => layer.Values.Stack is not null);
        var inherited = named is null ? await active(cancellationToken).ConfigureAwait(false) : null;
        if (inherited is { IsStale: true })
            throw Stale(inherited);
        var stack = inherited?.Stack ?? await FindAsync(named!.Values.Stack!, named, cancellationToken).ConfigureAwait(false);
        var resolved = layers.Select(layer => layer.Values).Aggregate((upper, lower) => upper.Over(lower));
        resolved = resolved with { Stack = stack.Name, Retries = resolved.Retries ?? 0 };
        var launch = await controlPlane.Stacks.PrepareAsync(stack, resolved.Image, cancellationToken).ConfigureAwait(false);
        return new ResolvedSettings
        {
            StackName = stack.Name,
            Image = resolved.Image,
            Cache = resolved.Cache,
            Retries = resolved.Retries ?? 0,
            Environment = launch.Environment,
            Spec = FrozenSpec.Of(flow, resolved, project, isActiveStack: inherited is { SavedId: not null }),
            Warning = launch.Warning,
        };
    }

    /// <summary>Refuses to let an execution go on where nothing would run it. One whose stack is gone goes on in the environment stored with it.</summary>
    public async Task CheckRetryAsync(ExecutionRecord execution, CancellationToken cancellationToken)
    {
        EnvironmentLayer.ThrowIfLegacy(environment);
        if (await controlPlane.Stacks.FindAsync(execution.StackName, cancellationToken).ConfigureAwait(false) is { } stack)
            _ = await controlPlane.Stacks.PrepareAsync(stack, image: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How a replay will run: as its source did, but for what the caller says.</summary>
    public async Task<ResolvedSettings> ResolveReplayAsync(ExecutionRecord source, ExecutionSettings call, CancellationToken cancellationToken)
    {
        EnvironmentLayer.ThrowIfLegacy(environment);
        var layer = SettingsLayer.OfCall(call);
        var stack = call.Stack is { } named
            ? await FindAsync(named, layer, cancellationToken).ConfigureAwait(false)
            : await controlPlane.Stacks.FindAsync(source.StackName, cancellationToken).ConfigureAwait(false);
        var given = await controlPlane.Workers.GetEnvironmentAsync(source.Environment, cancellationToken).ConfigureAwait(false);
        var before = FrozenSpec.Read(source.Spec) with { Stack = source.StackName, Retries = source.Retries };
        var resolved = call.Over(before with { Image = Shown(before.Image, given) });
        // The source's stack may be gone: its environment is stored with its executions.
        var launch = stack is null ? null : await controlPlane.Stacks.PrepareAsync(stack, resolved.Image, cancellationToken).ConfigureAwait(false);
        var spec = source.Spec;
        if (!call.IsEmpty && spec is not null)
        {
            spec = spec.DeepClone().AsObject();
            spec["resolved_execution"] = FrozenSpec.Resolved(resolved with { Stack = stack?.Name ?? source.StackName });
        }
        return new ResolvedSettings
        {
            StackName = stack?.Name ?? source.StackName,
            Image = resolved.Image,
            Cache = resolved.Cache,
            Retries = resolved.Retries ?? 0,
            Environment = call.Stack is null ? With(given, call.Image) : launch!.Environment,
            Spec = spec,
            Warning = call.IsEmpty ? null : launch?.Warning,
        };
    }

    private static KitaruStateException Stale(ActiveStack active) => new(
        $"{active.Warning} Nothing was started.", $"Name a stack in the call, for example stack={StackRecord.DefaultName}; or make one, which becomes the active one: manage_stack(action=\"create\", name=…).")
    {
        Details = new() { ["argument"] = "stack", ["source"] = active.File, ["got"] = Texts.Short(active.SavedId ?? "", 80) },
    };

    private List<SettingsLayer> Layers(ExecutionSettings call, FlowDefinition? flow, string folder)
    {
        SettingsLayer?[] layers =
        [
            SettingsLayer.OfCall(call),
            flow is null ? null : SettingsLayer.OfFlow(flow),
            SettingsLayer.OfDefaults(defaults),
            EnvironmentLayer.Read(environment),
            ProjectFileLayer.Read(folder),
        ];
        return [.. layers.OfType<SettingsLayer>()];
    }

    private async Task<StackRecord> FindAsync(string nameOrId, SettingsLayer layer, CancellationToken cancellationToken)
    {
        if (await controlPlane.Stacks.FindAsync(nameOrId.Trim(), cancellationToken).ConfigureAwait(false) is { } stack)
            return stack;
        var names = (await controlPlane.Stacks.ListAsync(cancellationToken).ConfigureAwait(false)).Select(known => known.Name).ToList();
        var from = layer.Source is { } source ? $" ({source} asks for it)" : "";
        throw new KitaruUsageException(
            $"There is no stack '{Texts.Short(nameOrId, 80)}'{from}.{Texts.DidYouMean(nameOrId, names)} Stacks: {Texts.Short(string.Join(", ", names), 400)}.",
            "Name one of them, or make it with manage_stack(action=\"create\").")
        {
            Details = new()
            {
                ["argument"] = "stack",
                ["source"] = layer.Source,
                ["expected"] = "the name or id of a stack",
                ["got"] = Texts.Short(nameOrId, 80),
                ["nearest"] = Texts.Nearest(nameOrId, names),
                ["example"] = StackRecord.DefaultName,
            },
        };
    }

    /// <summary>The spec hides what looks secret; its workers were given it.</summary>
    private static ImageSettings? Shown(ImageSettings? image, WorkerEnvironment given) => image?.Environment is not { } variables ? image : image with
    {
        Environment = variables.ToDictionary(pair => pair.Key, pair => given.Variables.GetValueOrDefault(pair.Key, pair.Value), StringComparer.Ordinal),
    };

    private static WorkerEnvironment With(WorkerEnvironment given, ImageSettings? image)
    {
        var variables = new Dictionary<string, string>(given.Variables, StringComparer.Ordinal);
        foreach (var (name, value) in image?.Environment ?? new Dictionary<string, string>())
            variables[name] = value;
        return given with { Variables = variables, Secrets = image?.SecretEnvironmentFrom ?? given.Secrets };
    }
}
