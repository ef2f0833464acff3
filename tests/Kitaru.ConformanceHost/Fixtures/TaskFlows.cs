using System.Text.Json.Serialization;

namespace Kitaru.ConformanceHost.Fixtures;

/// <summary>The flows behind the tools about tasks: executions like any other.</summary>
public static class TaskFlows
{
    /// <summary>What a client may answer.</summary>
    public sealed record Confirmation([property: JsonPropertyName("confirm")] bool Confirm);

    /// <summary>What a client may answer.</summary>
    public sealed record Person([property: JsonPropertyName("name")] string Name);

    [Flow]
    public static async Task<string> SlowCompute(double seconds, string label)
    {
        await Flow.SleepAsync(TimeSpan.FromSeconds(seconds));
        return $"{label}: computed";
    }

    [Flow]
    public static async Task<string> FailingJob()
    {
        await Flow.SleepAsync(TimeSpan.FromSeconds(0.5));
        throw new InvalidOperationException("This job always fails.");
    }

    [Flow]
    public static async Task<string> ProtocolErrorJob()
    {
        await Flow.SleepAsync(TimeSpan.FromSeconds(0.1));
        throw new KitaruRuntimeException("This job cannot be done at all.");
    }

    [Flow]
    public static async Task<string> ConfirmDelete(string filename) =>
        (await Flow.WaitAsync<Confirmation>("confirm", question: $"Delete {filename}?")).Confirm ? $"{filename} deleted" : $"{filename} kept";

    [Flow]
    public static async Task<string> MultiInput()
    {
        var person = Flow.WaitAsync<Person>("person", question: "Who are you?");
        var confirmation = Flow.WaitAsync<Confirmation>("confirmation", question: "Go on?");
        await Task.WhenAll(person, confirmation);
        return $"{(await person).Name}: {(await confirmation).Confirm}";
    }

    [Flow]
    public static async Task<string> Greeting(string name)
    {
        await Flow.SleepAsync(TimeSpan.FromSeconds(0.1));
        return $"Hello, {name}!";
    }
}
