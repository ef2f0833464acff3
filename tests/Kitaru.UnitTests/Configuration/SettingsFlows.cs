namespace Kitaru.UnitTests.Configuration;

/// <summary>Flows of the tests of settings.</summary>
public static class SettingsFlows
{
    [Flow]
    public static string Plain() => "done";

    [Flow(Stack = "of-flow", Image = """{"base_image": "of-flow", "environment": {"WHO": "of-flow", "FLOW": "1"}}""", Cache = false, Retries = 2)]
    public static string Attributed() => "done";

    [Flow]
    public static async Task<string> Stepped() => await Step();

    [Checkpoint]
    internal static async Task<string> Step()
    {
        await Task.Yield();
        return "done";
    }
}
