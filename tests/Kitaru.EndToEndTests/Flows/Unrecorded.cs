using Kitaru;

public static class Unrecorded
{
    [Flow]
    public static async Task<string> Dozes()
    {
        await Task.Delay(50);
        return await Fine();
    }

    [Checkpoint]
    private static async Task<string> Fine()
    {
        await Task.Yield();
        return "fine";
    }
}
