using System.Collections.Concurrent;

namespace Kitaru.SimulationTests.Caching;

/// <summary>Flows whose checkpoints count how often they really ran.</summary>
internal static class Prices
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> Ran = new();

    /// <summary>What ran for this shop.</summary>
    public static IReadOnlyCollection<string> Of(string shop) => Ran.GetOrAdd(shop, _ => []);

    [Flow]
    public static async Task<int> Priced(string shop, string item) => await Look(shop, item) + await Fresh(shop, item);

    [Flow(Cache = true)]
    public static async Task<int> AllCached(string shop, string item) => await Fresh(shop, item) + await Flow.CheckpointAsync("free", _ => Note(shop, "free", 1));

    [Flow(Cache = false)]
    public static async Task<int> NoneCached(string shop, string item) => await Look(shop, item);

    [Flow]
    public static async Task<string> ByKey(string shop, string prompt) =>
        await Flow.CheckpointAsync("ask", _ => Note(shop, "ask " + prompt, prompt.ToUpperInvariant()), new CheckpointOptions { CacheKey = prompt });

    [Flow]
    public static async Task<int> Twice(string shop, string item) => await Look(shop, item) + await Look(shop, item);

    [Flow]
    public static async Task Opaque(string shop, string item) => await Unwritable(shop, new Loop(item));

    [Flow]
    public static async Task<string> Saving(string shop, string item)
    {
        await Save(shop, item);
        return item;
    }

    [Checkpoint(Cache = true)]
    internal static async Task<int> Look(string shop, string item)
    {
        await Flow.SaveAsync("page", $"the page of {item}");
        Flow.SetMetadata("shop", "corner");
        return await Note(shop, "look " + item, item.Length);
    }

    [Flow]
    public static async Task<string> Twins(string shop) => $"{await Load(shop)} {await Other.Load(shop)}";

    [Flow]
    public static async Task<string> Read(string shop, string text) => await Contents(shop, new StringReader(text));

    [Checkpoint(Cache = true)]
    internal static Task<string> Load(string shop) => Note(shop, "load here", "here");

    [Checkpoint(Cache = true)]
    internal static Task<string> Contents(string shop, StringReader reader) => Note(shop, "read", reader.ReadToEnd());

    /// <summary>Has a checkpoint of the same name.</summary>
    internal static class Other
    {
        [Checkpoint(Cache = true)]
        internal static Task<string> Load(string shop) => Note(shop, "load there", "there");
    }

    [Checkpoint]
    internal static Task<int> Fresh(string shop, string item) => Note(shop, "fresh " + item, 100);

    [Checkpoint(Cache = true)]
    internal static Task Save(string shop, string item) => Note(shop, "save " + item, 0);

    [Checkpoint(Cache = true)]
    internal static Task<int> Unwritable(string shop, Loop loop) => Note(shop, "unwritable " + loop.Name, 0);

    private static Task<T> Note<T>(string shop, string what, T result)
    {
        Ran.GetOrAdd(shop, _ => []).Enqueue(what);
        return Task.FromResult(result);
    }

    /// <summary>JSON cannot hold it.</summary>
    internal sealed class Loop(string name)
    {
        public string Name => name;

        public Loop Self => this;
    }
}
