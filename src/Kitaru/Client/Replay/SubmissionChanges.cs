using System.Text.Json.Nodes;
using Kitaru.ControlPlane;
using Kitaru.Core;

namespace Kitaru.Client;

/// <summary>The changes of a submission, checked as far as that needs no execution.</summary>
internal sealed class SubmissionChanges
{
    private const string Checkpoint = "checkpoint:";
    private const string Invocation = "invocation:";

    private readonly Dictionary<string, List<string>> _matched = new(StringComparer.Ordinal);

    public SubmissionChanges(string at, ReplayManyOptions options)
    {
        At = at.Trim();
        if (At.Length == 0)
            throw new KitaruUsageException("at is blank: expected the name of a call.", "The names are in checkpoints of kitaru_executions_get.");
        Tags = options.Tag is { } tag ? TagRules.Check([tag]) : [];
        Options = options;
        Checkpoints = OverrideEntries.Parse(options.CheckpointOverrides, "checkpoint_overrides");
        Invocations = OverrideEntries.Parse(options.InvocationOverrides, "invocation_overrides");
        foreach (var name in options.Skip.Select(name => name.Trim()))
        {
            if (name.Length == 0)
                throw new KitaruUsageException("skip has a blank name.", "Name calls as in checkpoints of kitaru_executions_get.");
            if (Checkpoints.ContainsKey(name) || Invocations.ContainsKey(name))
                throw new KitaruUsageException($"'{Texts.Short(name)}' is both skipped and overridden.", "Leave it out of one of the two.");
        }
    }

    public string At { get; }

    public ReplayManyOptions Options { get; }

    public IReadOnlyList<string> Tags { get; }

    private IReadOnlyDictionary<string, JsonNode?> Checkpoints { get; }

    private IReadOnlyDictionary<string, JsonNode?> Invocations { get; }

    public ReplayRequest Request(ExecutionId source) => new()
    {
        Source = source,
        From = At,
        Outputs = Invocations,
        CheckpointOutputs = Checkpoints,
        Skip = Options.Skip,
        FlowInputs = Options.FlowOverrides,
    };

    /// <summary>Remembers which calls the overrides mean in one more execution.</summary>
    public void Match(ReplayPlan plan)
    {
        foreach (var (target, names) in Targets(plan))
        {
            if (!_matched.TryGetValue(target, out var all))
                _matched[target] = all = [];
            all.AddRange(names.Except(all, StringComparer.Ordinal).ToList());
        }
    }

    public SubmissionPlan Plan() => new()
    {
        FlowOverrides = Options.FlowOverrides ?? [],
        CheckpointOverrides = Options.CheckpointOverrides ?? [],
        InvocationOverrides = Options.InvocationOverrides ?? [],
        Skip = Options.Skip,
        MatchedTargets = _matched.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)pair.Value, StringComparer.Ordinal),
    };

    /// <summary>What a replay is told of where it comes from (runtime.md 6.2); the values of overrides stay out of it.</summary>
    public JsonObject Metadata(string submission, ReplayPlan plan)
    {
        var reused = plan.Steps.Where(step => step is { Kind: JournalKind.Checkpoint, Action: ReplayAction.Reused }).Select(step => step.Key);
        var overrides = Targets(plan).SelectMany(pair => pair.Names.Select(name => (JsonNode)new JsonObject { ["invocation_id"] = name, ["target"] = pair.Target }));
        return new JsonObject
        {
            ["submission_id"] = submission,
            ["original_exec_id"] = plan.Source.ToString(),
            ["replay_tag"] = Options.Tag,
            ["kitaru_replay_skipped_steps_v1"] = new JsonArray([.. reused.Order(StringComparer.Ordinal).Select(name => (JsonNode)name)]),
            ["kitaru_replay_output_overrides_v1"] = new JsonArray([.. overrides]),
        };
    }

    private IEnumerable<(string Target, IReadOnlyList<string> Names)> Targets(ReplayPlan plan) =>
        Checkpoints.Keys.Select(name => (Checkpoint + name, plan.Matched[Checkpoint + name]))
            .Concat(Invocations.Keys.Select(name => (Invocation + name, plan.Matched["checkpoint." + name])));
}
