namespace Kitaru.UnitTests.Configuration;

/// <summary>Flows of the tests of settings.</summary>
public static class SettingsFlows
{
    [Flow]
    public static string Plain() => "done";

    [Flow(Stack = "of-flow", Image = """{"base_image": "of-flow", "environment": {"WHO": "of-flow", "FLOW": "1"}}""", Cache = false, Retries = 2)]
    public static string Attributed() => "done";
}
