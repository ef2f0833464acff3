namespace Kitaru.EndToEndTests.Quickstart;

public class QuickstartTests
{
    [Fact]
    public async Task Quickstart_RunsToItsEnd_WithEverythingRight()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"kitaru-quickstart-{Guid.CreateVersion7():N}");
        try
        {
            var (code, transcript) = await new DotnetCommand(Programs.Repository, new Dictionary<string, string>()).RunAsync(Programs.Quickstart, folder);

            code.ShouldBe(0, transcript);
            transcript.ShouldNotContain("[WRONG]");
            transcript.ShouldContain("[ok] 13 finished checkpoints ran once");
            transcript.ShouldContain("[ok] every reply was sent once");
            transcript.ShouldContain("claude mcp add kitaru -- ");
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }
}
