using Kitaru;

public static class Blocking
{
    /// <summary>Branches that all come to a synchronous checkpoint, which blocks the flow's thread, one after the other.</summary>
    [Flow]
    public static async Task<int> Branches(int count, int milliseconds)
    {
        async Task<int> Branch(int index)
        {
            await Arrive(index);
            return Hold(index, milliseconds);
        }
        return (await Task.WhenAll(Enumerable.Range(0, count).Select(Branch))).Sum();
    }

    [Flow]
    public static int Alone(int index, int milliseconds) => Hold(index, milliseconds);

    [Checkpoint]
    private static async Task Arrive(int index) => await Task.Yield();

    [Checkpoint]
    private static int Hold(int index, int milliseconds)
    {
        new ManualResetEventSlim().Wait(milliseconds);
        return index;
    }
}
