using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.ControlPlane;

/// <summary>What is said to whoever answers a wait and cannot.</summary>
internal static class WaitMessages
{
    private const int SchemaCharsMax = 600;
    private const int ValueCharsMax = 200;
    private const int ProblemsShownMax = 5;

    /// <summary>The schema, what was seen and an example, so that the next try can be right.</summary>
    public static void ThrowIfUnfit(WaitRecord wait, JsonNode? answer)
    {
        if (wait.Schema is not { } schema || JsonSchemaValidator.Validate(schema, answer) is not { Count: > 0 } problems)
            return;
        var example = KitaruJson.Write(SchemaExample.Of(schema));
        throw new KitaruWaitValidationException(
            $"The answer does not fit wait '{Texts.Short(wait.Name)}' of execution {wait.ExecutionId}: {string.Join("; ", problems.Take(ProblemsShownMax))}. "
            + $"Expected {Texts.Short(KitaruJson.Write(schema), SchemaCharsMax)}, got {Texts.Short(KitaruJson.Write(answer), ValueCharsMax)}. The wait stays pending.",
            $"Send a value that fits, for example {Texts.Short(example)}.")
        {
            Details = new JsonObject
            {
                ["wait"] = wait.Name,
                ["expected"] = schema.DeepClone(),
                ["got"] = Texts.Short(KitaruJson.Write(answer), ValueCharsMax),
                ["example"] = SchemaExample.Of(schema),
            },
        };
    }

    public static KitaruStateException NotFound(ExecutionRecord execution, string name)
    {
        if (ExecutionTransitions.IsTerminal(execution.Status))
            return Ended(execution, name);
        if (execution.PendingWaits.Count == 0)
        {
            return new KitaruStateException(
                $"Execution {execution.Id} is {PublicStatus.Word(execution.Status)} and waits for nothing; there is no wait '{Texts.Short(name)}'.",
                "Watch it with kitaru_executions_get and wait_seconds=50: it answers as soon as the flow asks, with the question in pending_wait.");
        }
        return new KitaruStateException(
            $"Execution {execution.Id} has no wait '{Texts.Short(name)}'; it waits for {ExecutionService.Names(execution.PendingWaits)}."
            + Texts.DidYouMean(name, execution.PendingWaits.Select(wait => wait.Name)),
            "Pass one of these names as wait.");
    }

    public static KitaruStateException Ended(ExecutionRecord execution, string name) => new(
        $"Execution {execution.Id} is {PublicStatus.Word(execution.Status)} since {execution.EndedAt:O}; its wait '{Texts.Short(name)}' can no longer be answered.",
        ExecutionDecisions.Of(ExecutionOperation.Input, execution.Status).Next);

    public static KitaruStateException AnsweredAlready(WaitRecord wait, string rule) => new(
        $"Wait '{Texts.Short(wait.Name)}' of execution {wait.ExecutionId} was answered by {Texts.Short(wait.ResolvedBy ?? "somebody")} at {wait.ResolvedAt:O}; {rule}.",
        "See where the execution stands with kitaru_executions_get.");

    public static KitaruStateException AbortedAlready(WaitRecord wait) => new(
        $"Wait '{Texts.Short(wait.Name)}' of execution {wait.ExecutionId} was aborted by {Texts.Short(wait.ResolvedBy ?? "somebody")} at {wait.ResolvedAt:O}; it takes no answer.",
        "See where the execution stands with kitaru_executions_get.");
}
