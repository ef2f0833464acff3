using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Stacks;

/// <summary>kitaru stack create.</summary>
internal static partial class CreateCommand
{
    public static LeafCommand Create()
    {
        var options = new StackOptions();
        var command = new LeafCommand("stack.create", "Makes a stack, local unless a type is named.", "kitaru stack create local-dev --extra orchestrator.concurrency=4", (call, cancellationToken) => RunAsync(call, options, cancellationToken))
        {
            options.Name,
            options.File,
            options.NoActivate,
        };
        foreach (var option in options.Texts.Values)
            command.Add(option);
        command.Add(options.Extra);
        command.Add(options.Async);
        command.Add(options.NoVerify);
        return command;
    }

    private static async Task<Answer> RunAsync(CommandCall call, StackOptions options, CancellationToken cancellationToken)
    {
        var file = call.Get(options.File) is { } path ? StackFile.Read(call.Host.FullPath(path), options.Texts.Keys) : [];
        var activate = !call.Get(options.NoActivate) && Flag(file, "activate", true);
        CreatedStackInfo created;
        try
        {
            created = await call.Client.Stacks.CreateAsync(Request(call, options, file), activate, cancellationToken);
        }
        catch (KitaruUsageException fault)
        {
            throw new KitaruUsageException(InOptions(fault.Message), fault.NextStep is null ? null : InOptions(fault.NextStep), fault) { Details = fault.Details };
        }
        var json = StackJson.Created(created.Stack, created.IsActive, created.PreviousActive);
        return Answer.Item(json, new Success($"Created stack {created.Stack.Name} of type {created.Stack.Type}.", [.. Details(json, created)])) with
        {
            Warnings = created.Warning is { } warning ? [warning] : [],
        };
    }

    private static StackRequest Request(CommandCall call, StackOptions options, JsonObject file) => new()
    {
        Name = call.Get(options.Name) ?? Text(file, "name") ?? throw new KitaruUsageException("The stack has no name.", "Give it one: kitaru stack create local-dev, or name: local-dev in the file."),
        Type = Given("type", call, options, file) ?? StackRecord.LocalType,
        ArtifactStore = Given("artifact_store", call, options, file),
        ContainerRegistry = Given("container_registry", call, options, file),
        Cluster = Given("cluster", call, options, file),
        Region = Given("region", call, options, file),
        SubscriptionId = Given("subscription_id", call, options, file),
        ResourceGroup = Given("resource_group", call, options, file),
        Workspace = Given("workspace", call, options, file),
        ExecutionRole = Given("execution_role", call, options, file),
        Namespace = Given("namespace", call, options, file),
        Credentials = Given("credentials", call, options, file),
        Extra = ExtraOptions.Merge(file["extra"] as JsonObject, call.Get(options.Extra) ?? []),
        Async = call.Get(options.Async) || Flag(file, "async", false),
        Verify = !call.Get(options.NoVerify) && Flag(file, "verify", true),
    };

    private static string? Given(string key, CommandCall call, StackOptions options, JsonObject file) => call.Get(options.Texts[key]) ?? Text(file, key);

    private static string? Text(JsonObject file, string key) => file[key]?.GetValue<string>();

    private static bool Flag(JsonObject file, string key, bool preset) => file[key]?.GetValue<bool>() ?? preset;

    private static IEnumerable<string> Details(JsonObject json, CreatedStackInfo created)
    {
        yield return $"ID: {created.Stack.Id}";
        foreach (var (key, value) in json["resources"] as JsonObject ?? [])
            yield return $"{Label(key)}: {value}";
        foreach (var component in json["components_created"]!.AsArray())
            yield return $"Component: {component}";
        if (created.IsActive)
            yield return created.PreviousActive is { } previous ? $"Active stack: {previous} -> {created.Stack.Name}" : $"Active stack: {created.Stack.Name}";
    }

    private static string Label(string key) => key switch
    {
        "artifact_store" => "Artifacts",
        "container_registry" => "Registry",
        _ => char.ToUpperInvariant(key[0]) + key[1..].Replace('_', ' '),
    };

    /// <summary>The library names fields; here they are options.</summary>
    private static string InOptions(string text) => Field().Replace(text.Replace("stack_type", "--type", StringComparison.Ordinal), match => match.Groups[1].Value switch
    {
        "async_mode" => "--async",
        "verify" => "--no-verify",
        var name => "--" + name.Replace('_', '-'),
    });

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Field();
}
