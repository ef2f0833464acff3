namespace Kitaru.SimulationTests.Testing;

/// <summary>The flow of docs/testing.md, and some that misbehave.</summary>
public static class Orders
{
    [Flow]
    public static async Task<string> PlaceOrder(string item)
    {
        var price = await Quote(item);
        if (price > 100 && !await Flow.WaitAsync<bool>("approve", question: $"Buy {item} for {price}?"))
            return "rejected";
        await Flow.SleepAsync(TimeSpan.FromDays(3));
        return await Ship(item);
    }

    [Checkpoint(Retries = 2)]
    internal static Task<int> Quote(string item) => Task.FromResult(item.Length * 50);

    [Checkpoint]
    internal static async Task<string> Ship(string item)
    {
        await Task.Yield();
        return $"{item} shipped";
    }

    /// <summary>What it ships depends on something that no run can repeat.</summary>
    [Flow]
    public static async Task<string> Moody()
    {
        await Quote("mood");
#pragma warning disable KIT110 // The analyzer sees this one; the test is about those it cannot see.
        return await Ship("tea" + Mood.Next());
#pragma warning restore KIT110
    }

    [Flow]
    public static async Task<int> Together(int count)
    {
        var prices = await Task.WhenAll(Enumerable.Range(1, count).Select(number => Quote(new string('x', number))));
        return prices.Sum() + CountOf(await Ship("all"));
    }

    [Checkpoint]
    internal static int CountOf(string text) => text.Length;

    [Flow]
    public static async Task<int> Flaky()
    {
        var tries = await Attempt("one");
        return tries + await Attempt("two");
    }

    [Checkpoint(Retries = 3, BackoffSeconds = 60)]
    internal static Task<int> Attempt(string name) => Mood.Tries(name) < 3 ? throw new InvalidOperationException("not yet") : Task.FromResult(3);

    [Flow]
    public static async Task<string> Stamped()
    {
        await Ship("first");
        return await ShipAt("second", Flow.UtcNow);
    }

    [Checkpoint]
    internal static Task<string> ShipAt(string item, DateTimeOffset moment) => Task.FromResult($"{item} {moment:O}");

    [Flow]
    public static async Task<string> Deadline()
    {
        var answer = Flow.WaitAsync<string>("name");
        var tooLate = Flow.SleepAsync(TimeSpan.FromHours(1));
        return await Task.WhenAny(answer, tooLate) == answer ? await answer : "nobody";
    }

    /// <summary>What these flows must not depend on, and do.</summary>
    internal static class Mood
    {
        private static readonly Dictionary<string, int> Counts = [];

        private static int _next;

        public static int Next() => Interlocked.Increment(ref _next);

        public static int Tries(string name)
        {
            lock (Counts)
                return Counts[name] = Counts.GetValueOrDefault(name) + 1;
        }

        public static void Forget()
        {
            lock (Counts)
                Counts.Clear();
        }
    }
}
