using Kitaru.Core;

namespace Kitaru.Cli.Executions;

/// <summary>From what somebody typed to an execution that is there, or to an error that offers the nearest one.</summary>
internal static class ExecutionIds
{
    /// <summary>As far back as a mistyped id is looked for.</summary>
    private const int LookedAtMax = 1000;

    private const string NextStep = "List executions to see their ids: kitaru executions list.";

    public static async Task<ExecutionId> FindAsync(KitaruClient client, string text, CancellationToken cancellationToken)
    {
        var typed = text.Trim();
        if (ExecutionId.TryParse(typed, out var id)
            && await (await client.OpenAsync(cancellationToken)).Executions.FindAsync(id, cancellationToken) is not null)
            return id;
        var page = await client.Executions.ListAsync(new ExecutionQuery { Limit = LookedAtMax }, cancellationToken);
        var known = page.Items.Select(execution => execution.Id.ToString()).ToList();
        var nearest = Nearest(typed, known) is { } near ? $" Did you mean '{near}'?" : "";
        throw ExecutionId.TryParse(typed, out _)
            ? new KitaruNotFoundException($"There is no execution {typed}.{nearest}", NextStep)
            : new KitaruUsageException($"'{Texts.Short(typed, 80)}' is not an execution id: expected a UUID such as 0199c0de-0000-7000-8000-000000000000.{nearest}", NextStep);
    }

    /// <summary>The one execution that begins or ends so, else the one that was mistyped.</summary>
    internal static string? Nearest(string typed, IReadOnlyList<string> known)
    {
        if (typed.Length == 0)
            return null;
        var meant = known.Where(id => id.StartsWith(typed, StringComparison.OrdinalIgnoreCase) || id.EndsWith(typed, StringComparison.OrdinalIgnoreCase)).Take(2).ToList();
        return meant is [var one] ? one : meant.Count > 1 ? null : Texts.Nearest(typed, known);
    }
}
