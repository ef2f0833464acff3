using System.CommandLine;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Executions.Following;
using Kitaru.Cli.Output;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Executions;

/// <summary>The options of a command that shows logs, and what it does with them once it knows whose.</summary>
internal sealed class LogOptions
{
    private const int LinesMax = 10_000;
    private const int PageLines = 1000;

    private static readonly string[] Sources = ["step", "runner", "all"];

    private readonly Option<string?> _checkpoint = CommonOptions.Text("--checkpoint", "NAME", "Only lines of the checkpoint call with exactly this name, such as fetch_2.");
    private readonly Option<string?> _source = CommonOptions.Text("--source", "step|runner|all", "step: the flow and its checkpoints. runner: the worker's own lines. Default: step.");
    private readonly Option<int?> _limit = CommonOptions.Number("--limit", "The newest so many lines. Default: all.", 1, LinesMax);
    private readonly Option<bool> _follow = CommonOptions.Flag("--follow", "Show new lines as they come, until the execution has ended.", "-f");
    private readonly Option<double?> _interval = new("--interval") { Description = "Look again after so many seconds even when nothing says that something is new. Default: 3.", HelpName = "SECONDS" };
    private readonly Option<bool> _grouped = CommonOptions.Flag("--grouped", "A header above the lines of each checkpoint.");
    private readonly Option<bool> _verbose = CommonOptions.Flag("--verbosity", "Time and level too.", "-v");
    private readonly Option<bool> _veryVerbose = CommonOptions.Flag("-vv", "Time, level and origin.");

    public void AddTo(LeafCommand command)
    {
        foreach (var option in (Option[])[_checkpoint, _source, _limit, _follow, _interval, _grouped, _verbose, _veryVerbose])
            command.Add(option);
    }

    /// <summary>Shows them.</summary>
    public async Task<Answer> AnswerAsync(CommandCall call, Func<CancellationToken, Task<ExecutionId>> find, CancellationToken cancellationToken)
    {
        var (isGrouped, interval) = (call.Get(_grouped), call.Get(_interval) ?? 3);
        if (isGrouped && call.IsJson)
            throw new KitaruUsageException("--grouped is for people; it excludes --output json.", "Leave one of them out: each JSON line names its checkpoint.");
        if (interval <= 0 || double.IsNaN(interval))
            throw new KitaruUsageException($"--interval: expected seconds above 0, got {interval}.", "Call again with --interval 3.");
        var query = Query(call, await find(cancellationToken));
        var verbosity = call.Get(_veryVerbose) ? LogText.VerbosityMax : call.Get(_verbose) ? 1 : 0;
        if (call.Get(_follow))
        {
            var events = new ExecutionFeed(call.Client, call.Host.Time).FollowAsync(query, withCalls: false, TimeSpan.FromSeconds(interval), cancellationToken);
            return Answer.Written(await new FollowWriter(call, verbosity, isGrouped).WriteAsync(events, cancellationToken));
        }
        var lines = await ReadAsync(call, query, cancellationToken);
        return Answer.List(lines.Select(LogJson.Of), new PlainText(Text(lines, verbosity, isGrouped)));
    }

    private LogQuery Query(CommandCall call, ExecutionId id)
    {
        var (checkpoint, source) = (call.Get(_checkpoint)?.Trim(), (call.Get(_source) ?? Sources[0]).Trim().ToLowerInvariant());
        if (!Sources.Contains(source))
            throw new KitaruUsageException($"--source: expected {string.Join(", ", Sources)}, got '{Texts.Short(source, 80)}'.{Texts.DidYouMean(source, Sources)}", "Call again with one of these.");
        if (checkpoint is { Length: 0 })
            throw new KitaruUsageException("--checkpoint: expected the name of a checkpoint call, got a blank one.", "See the names with kitaru executions get EXEC_ID.");
        if (checkpoint is not null && source == "runner")
            throw new KitaruUsageException("--checkpoint excludes --source runner: the worker's own lines belong to no checkpoint.", "Leave one of them out.");
        return new LogQuery
        {
            ExecutionId = id,
            Checkpoint = checkpoint,
            Source = source == "all" ? null : source,
            Limit = call.Get(_limit) ?? PageLines,
            FromStart = !call.IsGiven(_limit),
        };
    }

    /// <summary>All of them, page by page, unless a number was given.</summary>
    private static async Task<IReadOnlyList<LogEntry>> ReadAsync(CommandCall call, LogQuery query, CancellationToken cancellationToken)
    {
        var lines = new List<LogEntry>();
        while (true)
        {
            var page = await call.Client.Executions.LogsAsync(query, cancellationToken);
            lines.AddRange(page);
            if (!query.FromStart || page.Count < query.Limit)
                return lines;
            query = query with { AfterId = page[^1].Id };
        }
    }

    private static string Text(IReadOnlyList<LogEntry> lines, int verbosity, bool isGrouped)
    {
        if (lines.Count == 0)
            return LogJson.NoEntries;
        return isGrouped
            ? string.Join('\n', lines.GroupBy(LogText.Group).Select(group => string.Join('\n', group.Select(line => LogText.Line(line, verbosity)).Prepend(LogText.Header(group.Key)))))
            : string.Join('\n', lines.Select(line => LogText.Line(line, verbosity)));
    }
}
