using System.CommandLine;
using Kitaru.Cli.Commands;

namespace Kitaru.Cli.Stacks;

/// <summary>The options of <c>kitaru stack create</c>.</summary>
internal sealed class StackOptions
{
    public Argument<string?> Name { get; } = CommonOptions.OptionalArgument("NAME", "The stack's name; may stand in the file.");

    public Option<string?> File { get; } = CommonOptions.Text("--file", "PATH", "A YAML file with the same keys; options win over it.", "-f");

    public Option<bool> NoActivate { get; } = CommonOptions.Flag("--no-activate", "Do not make it the active stack.");

    public Option<bool> Async { get; } = CommonOptions.Flag("--async", "A start does not wait for the end. Not for local stacks.");

    public Option<bool> NoVerify { get; } = CommonOptions.Flag("--no-verify", "Do not try the credentials. Not for local stacks.");

    public Option<string[]> Extra { get; } = CommonOptions.Texts("--extra", "TARGET.FIELD=VALUE", "An option of a component, such as orchestrator.concurrency=4.");

    /// <summary>Those with a text, under their key in the file.</summary>
    public IReadOnlyDictionary<string, Option<string?>> Texts { get; } = new Dictionary<string, Option<string?>>
    {
        ["type"] = Typed(),
        ["artifact_store"] = CommonOptions.Text("--artifact-store", "URI", "Where values are stored: s3://, gs://, az://, abfs:// or abfss:// and a bucket."),
        ["container_registry"] = CommonOptions.Text("--container-registry", "URI", "Where images are stored."),
        ["cluster"] = CommonOptions.Text("--cluster", "NAME", "The Kubernetes cluster."),
        ["region"] = CommonOptions.Text("--region", "NAME", "The provider's region."),
        ["subscription_id"] = CommonOptions.Text("--subscription-id", "ID", "The Azure subscription."),
        ["resource_group"] = CommonOptions.Text("--resource-group", "NAME", "The Azure resource group."),
        ["workspace"] = CommonOptions.Text("--workspace", "NAME", "The AzureML workspace."),
        ["execution_role"] = CommonOptions.Text("--execution-role", "ARN", "The AWS role that SageMaker takes."),
        ["namespace"] = CommonOptions.Text("--namespace", "NAME", "The Kubernetes namespace."),
        ["credentials"] = CommonOptions.Text("--credentials", "METHOD:VALUES", "How to log in there, such as aws-profile:NAME; left out for what the environment has."),
    };

    private static Option<string?> Typed()
    {
        var type = CommonOptions.Text("--type", "TYPE", "local (the default), kubernetes, vertex, sagemaker or azureml.");
        type.CompletionSources.Add("local", "kubernetes", "vertex", "sagemaker", "azureml");
        return type;
    }
}
