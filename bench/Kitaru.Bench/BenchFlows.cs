using Microsoft.Extensions.Logging;

namespace Kitaru.Bench;

/// <summary>The flows that are measured: steps that do nothing but return a value of a given size.</summary>
public static class BenchFlows
{
    /// <summary>Ten steps of about 300 bytes.</summary>
    [Flow]
    public static async Task<int> TenSteps(int number)
    {
        var sum = 0;
        for (var i = 0; i < 10; i++)
            sum += (await SmallStep(i)).Length;
        return sum + number;
    }

    /// <summary>Five steps of about 300 bytes with a line of output each: what there is to read of an execution.</summary>
    [Flow]
    public static async Task<string> FiveSteps(int number)
    {
        var sum = 0;
        for (var i = 0; i < 5; i++)
            sum += (await SpokenStep(i)).Length;
        return $"{sum + number} characters in five steps";
    }

    /// <summary>Four hundred steps of 4 kB.</summary>
    [Flow]
    public static async Task<int> ManySteps(int steps)
    {
        var sum = 0;
        for (var i = 0; i < steps; i++)
            sum += (await LargeStep(i)).Length;
        return sum;
    }

    [Checkpoint]
    private static Task<string> SmallStep(int index) => Task.FromResult(Values.Small);

    [Checkpoint]
    private static Task<string> SpokenStep(int index)
    {
        Flow.Logger.LogInformation("Step {Index} of five begins and is through.", index);
        return Task.FromResult(Values.Small);
    }

    [Checkpoint]
    private static Task<string> LargeStep(int index) => Task.FromResult(Values.Large);
}

/// <summary>What steps return, in the engine and in the floor.</summary>
internal static class Values
{
    public static readonly string Small = new('s', 300);
    public static readonly string Large = new('l', 4096);
}
