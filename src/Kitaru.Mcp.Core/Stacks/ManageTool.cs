using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Stacks;

/// <summary>manage_stack.</summary>
internal static class ManageTool
{
    private const string Delete = "delete";

    private static readonly string[] DeleteFlags = ["recursive", "force"];

    private static readonly string[] Texts =
    [
        "artifact_store", "container_registry", "cluster", "region", "subscription_id", "resource_group", "workspace", "execution_role", "namespace", "credentials",
    ];

    public static KitaruTool Create() => new()
    {
        Name = "manage_stack",
        Title = "Create or delete a stack",
        Description =
            "Makes a stack or deletes one. A stack is a place executions run on. action=create with a name alone makes a local one: executions run on this machine, in worker processes with the options under "
            + "extra.orchestrator; it becomes the active stack unless activate=false. To make one only if there is none, look at kitaru_stacks_list first: a name that is taken is an error, and nothing changes. "
            + "The types kubernetes, vertex, sagemaker and azureml are checked and stored; this installation cannot run executions on them yet, and a run there is refused. "
            + "action=delete removes a stack; executions stay, and running ones go on as they were started. The active stack needs force=true, and 'default' becomes active. Ask the user before deleting. "
            + "Next: kitaru_status or kitaru_stacks_list shows which is active; kitaru_executions_run(stack=…) runs on one.",
        Hints = new ToolHints(ReadOnly: false, Destructive: true, Idempotent: false, OpenWorld: false),
        Arguments =
        [
            Argument.Words("action", "Whether to make a stack (create) or to remove one (delete).", ["create", Delete]) with { Required = true },
            Argument.Text("name", "The stack's name. For delete also its id.", required: true, example: "local-dev"),
            Argument.Flag("activate", "create: make it the active stack. delete takes only true, which means nothing there.", preset: true),
            Argument.Flag("recursive", "delete: its components too. A component belongs to one stack, so none is ever left; with true they are listed in the answer.", preset: false),
            Argument.Flag("force", "delete: also when it is the active stack.", preset: false),
            Argument.Text("stack_type", "create: local (this machine), kubernetes, vertex, sagemaker or azureml.", preset: StackRecord.LocalType),
            Argument.Text("artifact_store", "create, every type but local: s3:// (aws), gs:// (gcp), az:// or abfs:// (azure), and a bucket.", example: "s3://my-bucket/kitaru"),
            Argument.Text("container_registry", "create, every type but local: where images are kept.", example: "123456789012.dkr.ecr.eu-west-1.amazonaws.com"),
            Argument.Text("cluster", "create kubernetes: the cluster.", example: "prod-cluster"),
            Argument.Text("region", "create kubernetes, vertex, sagemaker; optional for azureml.", example: "eu-west-1"),
            Argument.Text("subscription_id", "create azureml: the Azure subscription.", example: "00000000-0000-0000-0000-000000000000"),
            Argument.Text("resource_group", "create azureml: its resource group.", example: "my-group"),
            Argument.Text("workspace", "create azureml: its AzureML workspace.", example: "my-workspace"),
            Argument.Text("execution_role", "create sagemaker: the role it takes.", example: "arn:aws:iam::123456789012:role/kitaru"),
            Argument.Text("namespace", "create kubernetes: the namespace; default when left out.", example: "kitaru"),
            Argument.Text(
                "credentials",
                "create, every type but local: aws-profile:PROFILE, aws-access-keys:ID:SECRET, aws-session-token:ID:SECRET:TOKEN, gcp-service-account:/path/key.json, "
                + "azure-service-principal:TENANT:CLIENT:SECRET or azure-access-token:TOKEN; left out: what the environment has. Kept encrypted and never shown again. "
                + "What you write here stays in this conversation: prefer a profile, a key file or none.",
                example: "aws-profile:prod") with { IsSensitive = true },
            Argument.Map(
                "extra",
                "create: options of components as {\"orchestrator\": {…}, \"artifact_store\": {…}, \"container_registry\": {…}}. A local stack takes orchestrator.concurrency (executions a worker runs at once, 1 to 256), "
                + "orchestrator.idle_seconds (how long a worker stays without work, 0 to 86400) and orchestrator.environment (variables of its workers; nothing secret).",
                new JsonObject { ["orchestrator"] = new JsonObject { ["concurrency"] = 4, ["environment"] = new JsonObject { ["REGION"] = "eu" } } }),
            Argument.Flag("async_mode", "create, every type but local: a submission does not wait for the end.", preset: false),
            Argument.Flag("verify", "create, every type but local: try the credentials first. Nothing here can yet; the answer's warning says so.", preset: true),
        ],
        Output = Output(),
        CallAsync = CallAsync,
    };

    private static async Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var isDelete = call.Text("action") == Delete;
        ThrowIfOfTheOtherAction(call, isDelete);
        await call.Backend.OpenAsync(cancellationToken);
        var stacks = call.Backend.Client.Stacks;
        if (isDelete)
        {
            var deleted = await stacks.DeleteAsync(call.Text("name"), call.Flag("recursive"), call.Flag("force"), cancellationToken);
            return ToolAnswer.Of(StackJson.Deleted(deleted.Stack, deleted.Recursive, deleted.NewActive));
        }
        var created = await stacks.CreateAsync(Request(call), call.Flag("activate"), cancellationToken);
        var json = StackJson.Created(created.Stack, created.IsActive, created.PreviousActive);
        if (created.Warning is not null)
            json["warning"] = created.Warning;
        return ToolAnswer.Of(json);
    }

    private static StackRequest Request(ToolCall call) => new()
    {
        Name = call.Text("name"),
        Type = call.Text("stack_type"),
        ArtifactStore = call.TextOrNull("artifact_store"),
        ContainerRegistry = call.TextOrNull("container_registry"),
        Cluster = call.TextOrNull("cluster"),
        Region = call.TextOrNull("region"),
        SubscriptionId = call.TextOrNull("subscription_id"),
        ResourceGroup = call.TextOrNull("resource_group"),
        Workspace = call.TextOrNull("workspace"),
        ExecutionRole = call.TextOrNull("execution_role"),
        Namespace = call.TextOrNull("namespace"),
        Credentials = call.TextOrNull("credentials"),
        Extra = call.MapOrNull("extra"),
        Async = call.Flag("async_mode"),
        Verify = call.Flag("verify"),
    };

    private static void ThrowIfOfTheOtherAction(ToolCall call, bool isDelete)
    {
        List<string> wrong = isDelete
            ? [.. Texts.Where(name => call.TextOrNull(name) is not null)]
            : [.. DeleteFlags.Where(call.Flag)];
        if (isDelete)
        {
            if (!call.Flag("activate"))
                wrong.Insert(0, "activate");
            if (call.Text("stack_type") != StackRecord.LocalType)
                wrong.Add("stack_type");
            if (call.MapOrNull("extra") is not null)
                wrong.Add("extra");
            if (call.Flag("async_mode"))
                wrong.Add("async_mode");
            if (!call.Flag("verify"))
                wrong.Add("verify");
        }
        if (wrong.Count == 0)
            return;
        var (is_, other) = isDelete ? (Delete, "create") : ("create", Delete);
        throw new KitaruUsageException(
            $"{string.Join(", ", wrong.Select(name => $"`{name}`"))}: only for action={other}; this is action={is_}. Nothing was changed.",
            $"Call manage_stack again without {string.Join(", ", wrong)}, or with action={other}.")
        {
            Details = new JsonObject
            {
                ["argument"] = wrong[0],
                ["fields"] = new JsonArray([.. wrong.Select(name => (JsonNode)name)]),
                ["expected"] = "its default",
                ["got"] = call.Arguments[wrong[0]] is JsonValue value && wrong[0] != "credentials" ? Core.Texts.Short(value.ToString(), 80) : "a value",
            },
        };
    }

    private static JsonObject Output()
    {
        var created = Shape.Object(
            "",
            ("id", Shape.Text("create: its id.")),
            ("name", Shape.Text("create: its name.")),
            ("is_active", Shape.Flag("create: whether it is the active stack now.")),
            ("previous_active_stack", Shape.OrNull(Shape.Text("create: the stack that was active before; null when it was not activated."))),
            ("components_created", Shape.List("create: its components.", Shape.Text("name (kind)."))),
            ("stack_type", Shape.Text("create: its type.")));
        var deleted = Shape.Object(
            "",
            ("deleted_stack", Shape.Text("delete: the stack's name.")),
            ("components_deleted", Shape.List("delete: its components, with recursive=true.", Shape.Text("name (kind)."))),
            ("new_active_stack", Shape.OrNull(Shape.Text("delete: the stack that is active now, when the deleted one was."))),
            ("recursive", Shape.Flag("delete: as asked.")));
        var schema = Shape.Object("The stack that was made, or the one that was deleted.");
        var properties = (JsonObject)schema["properties"]!;
        foreach (var (key, value) in created["properties"]!.AsObject().Concat(deleted["properties"]!.AsObject()))
            properties[key] = value!.DeepClone();
        properties["service_connectors_created"] = Shape.List("create, every type but local: what holds its credentials.", Shape.Text("Its name."));
        properties["resources"] = Shape.Map("create, every type but local: what it uses.");
        properties["warning"] = Shape.Text("create: what was asked for and was not done.");
        schema = ResultSchema.OrError(schema);
        schema["anyOf"]![0]!["required"] = created["required"]!.DeepClone();
        schema["anyOf"]!.AsArray().Insert(1, new JsonObject { ["required"] = deleted["required"]!.DeepClone() });
        return schema;
    }
}
