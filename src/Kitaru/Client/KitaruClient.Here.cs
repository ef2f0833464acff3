using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Client;
using Kitaru.Client.Connection;
using Kitaru.Client.Settings;
using Kitaru.ControlPlane;
using Kitaru.Core;
using Kitaru.Engine;
using Kitaru.Hosting;

namespace Kitaru;

/// <content>Flows that run inside this program.</content>
public sealed partial class KitaruClient
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private IReadOnlyList<ProgramHost> _hosts = [];
    private FlowCatalog? _flows;

    private async Task<ExecutionHandle<T>> StartHereAsync<T>(LambdaExpression flow, RunOptions? options, CancellationToken cancellationToken)
    {
        var call = FlowCall.Parse(flow);
        var host = await HostAsync(cancellationToken).ConfigureAwait(false);
        var entry = Root._flows!.Find(call.Method) ?? throw new KitaruUsageException(
            $"{call.Method.DeclaringType?.Name}.{call.Method.Name} is not a flow of this program.",
            "Give the method the [Flow] attribute and build the project that declares it with the Kitaru package.");
        var inputs = new JsonObject();
        foreach (var (name, value, type) in call.Inputs)
        {
            try
            {
                inputs[name] = JsonSerializer.SerializeToNode(value, type, ValueCodec.Json);
            }
            catch (Exception exception) when (exception is NotSupportedException or JsonException)
            {
                throw new KitaruUsageException($"Input '{name}' of flow '{entry.Definition.Name}' ({type}) cannot be stored as JSON: {exception.Message}", inner: exception);
            }
        }
        options ??= new RunOptions();
        var started = await StartAsync(
            options.IdempotencyKey, "RunAsync", new JsonObject { ["flow"] = entry.Definition.Name, ["inputs"] = inputs.DeepClone(), ["options"] = options.Identity() },
            client => client.StoreHereAsync(entry, inputs, options, host, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (started.Held is { } held)
            host.StartHeld(held);
        else
            await host.TryStartAsync(started.Id, cancellationToken).ConfigureAwait(false);
        return new ExecutionHandle<T>(this, started.Id, started.Warning);
    }

    private async Task<StartedExecution> StoreHereAsync(FlowEntry entry, JsonObject inputs, RunOptions options, FlowHost host, CancellationToken cancellationToken)
    {
        var controlPlane = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var settings = Here(await SettingsOn(controlPlane).ResolveAsync(entry.Definition, options.Settings, options.WorkingDirectory ?? WorkingDirectory, cancellationToken).ConfigureAwait(false));
        // Under a key, nobody can say whether the execution that is answered was stored by this call.
        var takenBy = StoredKey is null ? host.TakesAtOnce : null;
        var record = await CreateAsync(
            entry.Definition, ProgramSnapshot(), target: null, source: null, inputs, options, settings, cancellationToken, takenBy).ConfigureAwait(false);
        return new StartedExecution(record.Id, settings.Warning, takenBy is not null && record.Owner == takenBy ? record : null);
    }

    /// <summary>This process is what it is: it takes no variables of a stack or an image, and says so.</summary>
    private static ResolvedSettings Here(ResolvedSettings settings) => settings with
    {
        Environment = WorkerEnvironment.Plain,
        Warning = settings.Environment.Variables.Count == 0 && settings.Environment.Secrets.Count == 0
            ? settings.Warning
            : string.Join(' ', new[]
            {
                settings.Warning,
                "The flow runs inside this program: environment variables and secrets of its stack and image are stored and without effect here.",
            }.OfType<string>()),
    };

    /// <summary>An execution of this program's own code runs here, and at once.</summary>
    internal async Task RunIfOwnAsync(ExecutionRecord execution, CancellationToken cancellationToken)
    {
        if (execution.Snapshot == ProgramSnapshot())
            await (await HostAsync(cancellationToken).ConfigureAwait(false)).TryStartAsync(execution.Id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends when this program has nothing more to do with the execution; null when it does not run it, or only stays with a wait.</summary>
    internal FlowRun? RunHere(ExecutionId id) => Root._hosts.Select(host => host.Host.RunOf(id)).FirstOrDefault(run => run is not null);

    /// <summary>The client that owns the store and the flows that run here.</summary>
    private KitaruClient Root => _parent?.Root ?? this;

    private async Task<FlowHost> HostAsync(CancellationToken cancellationToken)
    {
        if (_parent is not null)
            return await _parent.HostAsync(cancellationToken).ConfigureAwait(false);
        var controlPlane = await OpenForFlowsAsync(cancellationToken).ConfigureAwait(false);
        if (FindHost(controlPlane) is { } running)
            return running;
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (FindHost(controlPlane) is { } other)
                return other;
            _flows ??= FlowCatalog.FromAssemblies(ProgramAssemblies());
            var host = new FlowHost(new FlowHostOptions
            {
                ControlPlane = controlPlane,
                Flows = _flows,
                Time = Time,
                Concurrency = _options.Hosting.Concurrency,
                FlowConcurrency = _options.Hosting.FlowConcurrency,
                DrainTimeout = _options.Hosting.DrainTimeout,
                Services = _options.Hosting.Services,
                EchoConsole = true,
                Worker = new WorkerRecord
                {
                    Id = new WorkerId(Guid.CreateVersion7(Time.GetUtcNow())),
                    Snapshot = ProgramSnapshot(),
                    Process = ProcessIdentities.Current(),
                    StartedAt = Time.GetUtcNow(),
                },
            });
            await host.RegisterAsync(cancellationToken).ConfigureAwait(false);
            var hosting = new ProgramHost(controlPlane, host);
            hosting.Start();
            Volatile.Write(ref _hosts, [.. _hosts, hosting]);
            return host;
        }
        finally
        {
            _starting.Release();
        }
    }

    private FlowHost? FindHost(IControlPlane controlPlane) => Volatile.Read(ref _hosts).FirstOrDefault(host => host.ControlPlane == controlPlane)?.Host;

    /// <summary>What the local server has open is this machine's own store: flows that run here use it directly, and do not notice when that server starts or stops.</summary>
    private ValueTask<IControlPlane> OpenForFlowsAsync(CancellationToken cancellationToken) =>
        ReadConnection() is { Kind: ConnectionKind.LocalServer, Project: null or Project.DefaultName }
            ? _controlPlanes.GetEmbeddedAsync(cancellationToken)
            : OpenAsync(cancellationToken);

    /// <summary>All that is loaded, and what the program references but has not used yet: its flows may be waiting to be recovered.</summary>
    private static HashSet<Assembly> ProgramAssemblies()
    {
        var found = AppDomain.CurrentDomain.GetAssemblies().ToHashSet();
        var next = new Queue<Assembly>(found);
        while (next.TryDequeue(out var assembly))
        {
            foreach (var name in assembly.GetReferencedAssemblies().Where(name => name.Name is { } text
                && !text.StartsWith("System", StringComparison.Ordinal) && !text.StartsWith("Microsoft.", StringComparison.Ordinal)))
            {
                try
                {
                    var reference = Assembly.Load(name);
                    if (found.Add(reference))
                        next.Enqueue(reference);
                }
                catch (Exception exception) when (exception is IOException or BadImageFormatException)
                {
                    // Referenced and not there: then it has no flow that could run.
                }
            }
        }
        return found;
    }

    private static SnapshotId ProgramSnapshot() => SnapshotId.ForProgram(Assembly.GetEntryAssembly()?.GetName().Name ?? "unknown");

    /// <summary>Hands over what runs here; a later start of a flow begins anew.</summary>
    internal async Task StopHostAsync()
    {
        if (_parent is not null)
        {
            await _parent.StopHostAsync().ConfigureAwait(false);
            return;
        }
        await _starting.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            foreach (var host in _hosts)
                await host.DisposeAsync().ConfigureAwait(false);
            Volatile.Write(ref _hosts, []);
        }
        finally
        {
            _starting.Release();
        }
    }
}
