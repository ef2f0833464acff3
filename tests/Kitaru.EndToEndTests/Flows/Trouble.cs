using System.Diagnostics;
using Kitaru;

public static class Trouble
{
    [Flow]
    public static async Task<string> Throws()
    {
        await Fine();
        throw new InvalidOperationException("the flow's own words");
    }

    [Flow]
    public static async Task<string> CheckpointThrows() => await Failing();

    [Flow]
    public static async Task<string> UnserializableStep() => (await Handle()).ToString();

    [Flow]
    public static async Task<object> UnserializableResult()
    {
        await Fine();
        return new { Self = typeof(string) };
    }

    [Flow]
    public static async Task<string> Big(int megabytes) => await Bytes(megabytes);

    [Flow]
    public static async Task<int> Chatter(int lines) => await Print(lines);

    [Flow]
    public static async Task<string> ExitInCheckpoint()
    {
        await Fine();
        return await Leave();
    }

    [Flow]
    public static async Task<string> ExitInBody()
    {
        await Fine();
        // Refused unless one insists.
#pragma warning disable KIT109
        Environment.Exit(7);
#pragma warning restore KIT109
        return "";
    }

    [Flow]
    public static async Task<string> ThrowOnThread(string ledger)
    {
        await Fine();
        return await StartThread(ledger);
    }

    [Flow]
    public static async Task<string> Overflow(string ledger)
    {
        await Fine();
        return await Recurse(ledger);
    }

    [Flow]
    public static async Task<string> Fatal(string ledger)
    {
        await Fine();
        return await FailFast(ledger);
    }

    [Flow]
    public static async Task<string> Deaf(string ledger)
    {
        await IgnoreEverything(ledger);
        return await Fine();
    }

    [Flow]
    public static async Task<string> Reads() => await ReadConsole();

    [Flow]
    public static async Task<string> ChildPrints() => await StartChild();

    [Checkpoint]
    private static async Task<string> Fine()
    {
        await Task.Yield();
        return "fine";
    }

    [Checkpoint]
    private static async Task<string> Failing()
    {
        await Task.Yield();
        throw new FormatException("a bad shape");
    }

    [Checkpoint]
    private static async Task<object> Handle()
    {
        await Task.Yield();
        return new { Type = typeof(string) };
    }

    [Checkpoint]
    private static async Task<string> Bytes(int megabytes)
    {
        await Task.Yield();
        return new string('x', megabytes * 1024 * 1024);
    }

    [Checkpoint]
    private static async Task<int> Print(int lines)
    {
        await Task.Yield();
        for (var i = 0; i < lines; i++)
            Console.WriteLine($"line {i}");
        return lines;
    }

    [Checkpoint]
    private static async Task<string> Leave()
    {
        await Task.Yield();
        Environment.Exit(7);
        return "";
    }

    [Checkpoint]
    private static async Task<string> StartThread(string ledger)
    {
        Ledger.Note(ledger, "thread");
        new Thread(() => throw new InvalidOperationException("nobody catches this")).Start();
        await Task.Delay(Timeout.Infinite);
        return "";
    }

    [Checkpoint]
    private static async Task<string> Recurse(string ledger)
    {
        Ledger.Note(ledger, "recurse");
        await Task.Yield();
        return Deeper(0).ToString();
    }

    private static int Deeper(int depth) => depth < 0 ? 0 : 1 + Deeper(depth + 1);

    [Checkpoint]
    private static async Task<string> FailFast(string ledger)
    {
        Ledger.Note(ledger, "failfast");
        await Task.Yield();
        Environment.FailFast("as loud as it gets");
        return "";
    }

    [Checkpoint]
    private static async Task IgnoreEverything(string ledger)
    {
        Ledger.Note(ledger, "deaf");
        await Task.Yield();
        new ManualResetEventSlim().Wait();
    }

    [Checkpoint]
    private static async Task<string> ReadConsole()
    {
        await Task.Yield();
        return $"[{Console.ReadLine() ?? "end"}]";
    }

    [Checkpoint]
    private static async Task<string> StartChild()
    {
        using var child = Process.Start(new ProcessStartInfo("dotnet", "--version") { UseShellExecute = false })!;
        await child.WaitForExitAsync();
        Console.Error.WriteLine("the child has ended");
        return "told";
    }
}
