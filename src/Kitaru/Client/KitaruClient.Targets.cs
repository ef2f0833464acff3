using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
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
        CheckStack(options.Stack);
        var controlPlane = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var built = await new TargetBuilder(Directory, controlPlane.Snapshots)
            .BuildAsync(target, options.WorkingDirectory ?? Environment.CurrentDirectory, progress, cancellationToken).ConfigureAwait(false);
        var inputs = InputBinder.Bind(built.Flow, args);
        var record = await CreateAsync(built.Flow, built.Snapshot, target, built.Source, inputs, options, cancellationToken).ConfigureAwait(false);
        return new ExecutionHandle(this, record.Id);
    }

    private async Task<ExecutionRecord> CreateAsync(
        FlowDefinition flow, SnapshotId snapshot, string? target, string? source, JsonObject inputs, RunOptions options, CancellationToken cancellationToken)
    {
        var stack = options.Stack ?? flow.Stack;
        CheckStack(stack);
        var retries = options.Retries ?? flow.Retries ?? 0;
        var controlPlane = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await controlPlane.Executions.CreateAsync(new NewExecution
        {
            Id = new ExecutionId(Guid.CreateVersion7(Time.GetUtcNow())),
            FlowName = flow.Name,
            Snapshot = snapshot,
            Target = target,
            Source = source,
            Inputs = StoredValue.Of(StoredValue.Json, "inputs", JsonSerializer.SerializeToUtf8Bytes(inputs, KitaruJson.Options)),
            StackName = stack ?? "default",
            Retries = retries,
            IdempotencyKey = KeyOf(options.IdempotencyKey),
            Seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))),
            Tags = options.Tags,
            Spec = FrozenSpec(flow, stack ?? "default", retries),
        }, cancellationToken).ConfigureAwait(false);
    }

    internal static JsonObject FrozenSpec(FlowDefinition flow, string stack, int retries) => new()
    {
        ["version"] = 1,
        ["resolved_execution"] = new JsonObject { ["stack"] = stack, ["image"] = null, ["cache"] = flow.Cache, ["retries"] = retries },
        ["flow_defaults"] = new JsonObject
        {
            ["stack"] = flow.Stack,
            ["image"] = null,
            ["cache"] = flow.Cache,
            ["retries"] = flow.Retries,
            ["server_url"] = null,
            ["auth_token"] = null,
            ["project"] = null,
        },
        ["connection"] = new JsonObject { ["server_url"] = null, ["auth_token"] = null, ["project"] = "default" },
        ["model_registry"] = null,
    };

    private static void CheckStack(string? stack)
    {
        if (stack is not null and not "default")
        {
            throw new KitaruUsageException(
                $"There is no stack '{Texts.Short(stack)}'. Expected: default, the only stack of this installation.", "Leave the stack out, or pass \"default\".");
        }
    }
}
