using Kitaru.Core.Json;

namespace Kitaru.UnitTests.Json;

public class SnakeCaseTests
{
    [Theory]
    [InlineData("GatherNotesAsync", "gather_notes")]
    [InlineData("GatherNotes", "gather_notes")]
    [InlineData("HTTPServer", "http_server")]
    [InlineData("LLMCall2", "llm_call2")]
    [InlineData("Step2Run", "step2_run")]
    [InlineData("Already_Snake", "already_snake")]
    [InlineData("Async", "async")]
    [InlineData("A", "a")]
    public void OfMethod_Name_IsWords(string method, string name) => SnakeCase.OfMethod(method).ShouldBe(name);

    [Theory]
    [InlineData("customerId", "customer_id")]
    [InlineData("userID", "user_id")]
    [InlineData("runAsync", "run_async")]
    public void Of_Parameter_KeepsEveryWord(string parameter, string name) => SnakeCase.Of(parameter).ShouldBe(name);
}
