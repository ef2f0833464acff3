using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>Says in words where an execution stands: a pure function of the facts.</summary>
internal static class Explainer
{
    public static Explanation Explain(ExplainFacts facts)
    {
        var said = ExecutionTransitions.IsTerminal(facts.Execution.Status) ? EndedExecution.Explain(facts) : ActiveExecution.Explain(facts);
        var execution = facts.Execution;
        return new Explanation(execution.Id, execution.FlowName, execution.Status, said.Situation, said.Summary, said.Evidence.Items, [.. said.Next.OfType<NextCall>()]);
    }
}

/// <summary>What is said of an execution.</summary>
/// <param name="Situation">The word.</param>
/// <param name="Summary">In words.</param>
/// <param name="Evidence">The facts.</param>
/// <param name="Next">Calls; null ones do not apply.</param>
internal sealed record Said(Situation Situation, string Summary, EvidenceList Evidence, IReadOnlyList<NextCall?> Next);
