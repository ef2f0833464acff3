using Kitaru.Cli.Commands;
using Kitaru.Client.Connection;
using Kitaru.Core;

namespace Kitaru.Cli.Completion;

/// <summary>Names and ids from the store, as far as they come at once: a shell that waits is worse than one that knows nothing.</summary>
internal static class StoredWords
{
    private const int ExecutionsMax = 30;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    public static Task<IReadOnlyList<string>> OfOptionAsync(CommandCall call, string option, CancellationToken cancellationToken) => ReadAsync(call, option switch
    {
        "--stack" => Stacks,
        "--flow" => Flows,
        "--exec-id" => Executions,
        _ => null,
    }, cancellationToken);

    public static Task<IReadOnlyList<string>> OfArgumentAsync(CommandCall call, string command, string argument, CancellationToken cancellationToken) => ReadAsync(call, (argument, command.Split('.')[0]) switch
    {
        ("EXEC_ID" or "ORIGINAL", _) => Executions,
        ("FLOW", _) => Flows,
        ("TAG", "flow") => Tags,
        ("STACK", _) or ("NAME_OR_ID", "stack") => Stacks,
        ("NAME_OR_ID", "secrets") or ("NAME", "secrets") => Secrets,
        _ => null,
    }, cancellationToken);

    private static async Task<IReadOnlyList<string>> ReadAsync(CommandCall call, Func<KitaruClient, CancellationToken, Task<IEnumerable<string>>>? read, CancellationToken cancellationToken)
    {
        if (read is null)
            return [];
        using var late = new CancellationTokenSource(Longest, call.Host.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var client = call.Client;
            // Nothing is made for a question.
            if (client.ReadConnection().Kind == ConnectionKind.Embedded && !File.Exists(client.Directory.Database))
                return [];
            return [.. await read(client, either.Token)];
        }
        catch (Exception fault) when (fault is KitaruException or OperationCanceledException or IOException)
        {
            return [];
        }
    }

    private static async Task<IEnumerable<string>> Stacks(KitaruClient client, CancellationToken cancellationToken) =>
        (await client.Stacks.ListAsync(cancellationToken)).Select(item => item.Stack.Name);

    private static async Task<IEnumerable<string>> Secrets(KitaruClient client, CancellationToken cancellationToken) =>
        (await client.Secrets.ListAsync(cancellationToken)).Select(secret => secret.Name);

    private static async Task<IEnumerable<string>> Executions(KitaruClient client, CancellationToken cancellationToken) =>
        (await (await client.OpenAsync(cancellationToken)).Executions.ListAsync(new ExecutionQuery { Limit = ExecutionsMax }, cancellationToken)).Items.Select(execution => execution.Id.ToString());

    private static async Task<IEnumerable<string>> Flows(KitaruClient client, CancellationToken cancellationToken)
    {
        var controlPlane = await client.OpenAsync(cancellationToken);
        var recent = await controlPlane.Executions.ListAsync(new ExecutionQuery { Limit = ExecutionsMax }, cancellationToken);
        return (await client.Deployments.ListAsync(cancellationToken: cancellationToken)).Select(deployment => deployment.Flow)
            .Concat(recent.Items.Select(execution => execution.FlowName)).Distinct().Order(StringComparer.Ordinal);
    }

    private static async Task<IEnumerable<string>> Tags(KitaruClient client, CancellationToken cancellationToken) =>
        (await client.Deployments.ListAsync(cancellationToken: cancellationToken)).SelectMany(deployment => deployment.Tags.Keys).Distinct().Order(StringComparer.Ordinal);
}
