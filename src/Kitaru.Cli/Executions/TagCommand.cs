using Kitaru.Cli.Commands;
using Kitaru.Core;

namespace Kitaru.Cli.Executions;

/// <summary>kitaru executions tag.</summary>
internal static class TagCommand
{
    public static LeafCommand Create()
    {
        var id = ExecutionOptions.Id();
        var add = CommonOptions.Texts("--add", "TAG", "A tag to add.");
        var remove = CommonOptions.Texts("--remove", "TAG", "A tag to remove.");
        return new LeafCommand(
            "executions.tag", "Adds tags to an execution and removes others, whatever its status.", "kitaru executions tag 0199c0de-0000-7000-8000-000000000000 --add nightly",
            async (call, cancellationToken) =>
            {
                var (added, removed) = (call.Get(add) ?? [], call.Get(remove) ?? []);
                if (added.Length + removed.Length == 0)
                    throw new KitaruUsageException("Neither --add nor --remove was given.", "Name at least one tag: kitaru executions tag EXEC_ID --add nightly.");
                var execution = await ExecutionOptions.IdOf(call, id, cancellationToken);
                await call.Client.Executions.TagAsync(execution, added, removed, cancellationToken);
                return await ExecutionAnswers.FullAsync(call, execution, cancellationToken);
            })
        {
            id,
            add,
            remove,
        };
    }
}
