using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.Mcp.Approvals;

/// <summary>What a client says its user did with a form.</summary>
/// <param name="Action">accept, decline or cancel.</param>
/// <param name="Value">The answer, when it was accepted.</param>
internal sealed record Elicited(string Action, JsonNode? Value)
{
    private const string Accept = "accept";

    public bool IsAccepted => Action == Accept;

    /// <exception cref="KitaruUsageException">It is nothing that a form comes back as, or its answer does not fit the wait.</exception>
    public static Elicited Read(WaitRecord wait, JsonNode? response)
    {
        if (response is not JsonObject said || said["action"] is not JsonValue action || action.GetValueKind() != JsonValueKind.String)
            throw Wrong(wait, "it is no object with an action");
        switch (action.GetValue<string>())
        {
            case Accept when said["content"] is JsonObject content:
                var value = QuestionForm.Read(wait, content);
                if (wait.Schema is { } schema && JsonSchemaValidator.Validate(schema, value) is { Count: > 0 } faults)
                    throw new KitaruWaitValidationException($"The answer to '{wait.Name}' does not fit what is asked for: {Texts.Short(string.Join("; ", faults), 1000)} The execution keeps waiting.", "Answer once more.");
                return new Elicited(Accept, value);
            case Accept:
                throw Wrong(wait, "it is accepted and has no content");
            case "decline" or "cancel":
                return new Elicited(action.GetValue<string>(), null);
            default:
                throw Wrong(wait, $"its action is '{Texts.Short(action.GetValue<string>(), 40)}'");
        }
    }

    private static KitaruUsageException Wrong(WaitRecord wait, string why) => new(
        $"The answer to '{wait.Name}' cannot be read: {why}.", "Send what a form comes back as, such as {\"action\":\"accept\",\"content\":{…}}; action is accept, decline or cancel.");
}
