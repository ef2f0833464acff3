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
            "Makes a stack (a place executions run on) or deletes one. create with a name alone makes a local one, active unless activate=false; a name that is taken is an "
            + "error: look at kitaru_stacks_list first. kubernetes, vertex, sagemaker and azureml are checked and stored, and a run there is refused for now. delete leaves "
            + "executions alone; the active stack needs force=true, and 'default' becomes active. Ask the user before deleting.",
        Hints = new ToolHints(ReadOnly: false, Destructive: true, Idempotent: false, OpenWorld: false),
        Arguments =
        [
            Argument.Words("action", "Make a stack or remove one.", ["create", Delete]) with { Required = true },
            Argument.Text("name", "Its name; for delete also its id.", required: true, example: "local-dev"),
            Argument.Flag("activate", "create: make it the active stack.", preset: true),
            Argument.Flag("recursive", "delete: list its components too.", preset: false),
            Argument.Flag("force", "delete: even the active stack.", preset: false),
            Argument.Text("stack_type", "local, kubernetes, vertex, sagemaker or azureml.", preset: StackRecord.LocalType),
            Argument.Text("artifact_store", "Cloud: s3://, gs://, az:// or abfs:// and a bucket.", example: "s3://my-bucket/kitaru"),
            Argument.Text("container_registry", "Cloud: where images are kept.", example: "123456789012.dkr.ecr.eu-west-1.amazonaws.com"),
            Argument.Text("cluster", "kubernetes: the cluster.", example: "prod-cluster"),
            Argument.Text("region", "kubernetes, vertex, sagemaker, azureml.", example: "eu-west-1"),
            Argument.Text("subscription_id", "azureml: the subscription.", example: "00000000-0000-0000-0000-000000000000"),
            Argument.Text("resource_group", "azureml: the resource group.", example: "my-group"),
            Argument.Text("workspace", "azureml: the workspace.", example: "my-workspace"),
            Argument.Text("execution_role", "sagemaker: the role it takes.", example: "arn:aws:iam::123456789012:role/kitaru"),
            Argument.Text("namespace", "kubernetes: the namespace.", example: "kitaru"),
            Argument.Text(
                "credentials",
                "Cloud: aws-profile:PROFILE, aws-access-keys:ID:SECRET, aws-session-token:ID:SECRET:TOKEN, gcp-service-account:FILE, azure-service-principal:TENANT:CLIENT:SECRET or "
                + "azure-access-token:TOKEN. Stays in this conversation: prefer a profile or file.",
                example: "aws-profile:prod") with { IsSensitive = true },
            Argument.Map(
                "extra",
                "Options by component. local takes those of orchestrator: concurrency (1 to 256), idle_seconds, environment (nothing secret).",
                new JsonObject { ["orchestrator"] = new JsonObject { ["concurrency"] = 4, ["environment"] = new JsonObject { ["REGION"] = "eu" } } }),
            Argument.Flag("async_mode", "Cloud: do not wait for a submission.", preset: false),
            Argument.Flag("verify", "Cloud: try the credentials (not possible yet).", preset: true),
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
