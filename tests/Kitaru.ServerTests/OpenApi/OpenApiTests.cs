using System.Runtime.CompilerServices;

namespace Kitaru.ServerTests.OpenApi;

/// <summary>The description of the interface is checked in, so that every change of it is seen. KITARU_UPDATE_SNAPSHOTS=1 renews it.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task Document_IsTheOneThatIsCheckedIn()
    {
        await using var server = await TestServer.StartAsync();
        using var http = server.Http(token: null);
        var present = (await http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative))).ReplaceLineEndings("\n").TrimEnd() + "\n";
        var path = PathOf();
        if (Environment.GetEnvironmentVariable("KITARU_UPDATE_SNAPSHOTS") == "1")
            await File.WriteAllTextAsync(path, present);

        (await File.ReadAllTextAsync(path)).ReplaceLineEndings("\n").ShouldBe(present, "Renew docs/openapi.json with KITARU_UPDATE_SNAPSHOTS=1 and look at the difference.");
    }

    private static string PathOf([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "openapi.json"));
}
