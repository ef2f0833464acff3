// Reads what is not recorded, on purpose: that is how a body diverges.
#pragma warning disable KIT109
using Kitaru;

public static class Situations
{
    /// <summary>Fails and rests for long before it is tried again.</summary>
    [Flow]
    public static async Task<string> Stubborn() => await Refuse();

    /// <summary>Asks for another checkpoint as soon as the flag is there.</summary>
    [Flow]
    public static async Task<string> Fickle(string flag)
    {
        await Prepare();
        var chosen = File.Exists(flag) ? await Second() : await First();
        await Flow.WaitAsync<bool>("go_on", question: "Go on?", timeout: TimeSpan.FromSeconds(0.1));
        return chosen;
    }

    [Checkpoint(Retries = 3, BackoffSeconds = 900, MaxBackoffSeconds = 900)]
    private static async Task<string> Refuse()
    {
        await Task.Yield();
        Console.Error.WriteLine("the line is busy");
        throw new InvalidOperationException("nobody answers");
    }

    [Checkpoint]
    private static async Task Prepare() => await Task.Yield();

    [Checkpoint]
    private static async Task<string> First()
    {
        await Task.Yield();
        return "first";
    }

    [Checkpoint]
    private static async Task<string> Second()
    {
        await Task.Yield();
        return "second";
    }
}
