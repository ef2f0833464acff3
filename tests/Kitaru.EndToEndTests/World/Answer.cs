using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kitaru.EndToEndTests.World;

/// <summary>What a tool answered.</summary>
internal sealed record Answer(bool IsError, string Text, JsonObject Data)
{
    /// <summary>The type of the error, or null.</summary>
    public string? ErrorType => (string?)Data["error"]?["type"];

    public string? NextStep => (string?)Data["error"]?["next_step"];

    public string Status => (string)Data["status"]!;

    public JsonObject Failure => Data["failure"]!.AsObject();

    public string FailureMessage => (string)Failure["message"]!;

    public string Origin => (string)Failure["origin"]!;

    public JsonArray Checkpoints => Data["checkpoints"]!.AsArray();

    public T Result<T>() => Data["result"].Deserialize<T>()!;

    /// <summary>Fails unless it is an error of this type that says what to do next.</summary>
    public Answer ShouldBeError(string type, params string[] saying)
    {
        IsError.ShouldBeTrue(Text);
        ErrorType.ShouldBe(type, Text);
        Text.ShouldStartWith(type + ":");
        NextStep.ShouldNotBeNullOrWhiteSpace(Text);
        foreach (var part in saying)
            Text.ShouldContain(part);
        return this;
    }

    public Answer ShouldBeFine()
    {
        IsError.ShouldBeFalse(Text);
        return this;
    }

    public Answer ShouldHaveEnded(string status)
    {
        ShouldBeFine().Status.ShouldBe(status, Text);
        return this;
    }
}
