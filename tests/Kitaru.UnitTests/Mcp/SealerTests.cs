using System.Text.Json.Nodes;
using Kitaru.Core.Configuration;
using Kitaru.Mcp.Sealing;

namespace Kitaru.UnitTests.Mcp;

public sealed class SealerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kitaru-seal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Content_IsOpenedForItsPurpose_ByEveryProcessOfTheDirectory_UntilItIsOver()
    {
        var directory = new ConfigDirectory(Path.Combine(_folder, "config"));
        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SealingKey.GetAsync(null, directory, TimeProvider.System, CancellationToken.None)));
        keys.ShouldAllBe(key => key.SequenceEqual(keys[0]));
        var text = new Sealer(keys[0], TimeProvider.System).Seal("one", new JsonObject { ["a"] = 1 }, TimeSpan.FromMinutes(1));

        var sealer = new Sealer(keys[1], TimeProvider.System);
        sealer.Open("one", text, out var isOver)!["a"]!.GetValue<int>().ShouldBe(1);
        isOver.ShouldBeFalse();
        sealer.Open("two", text, out _).ShouldBeNull();
        new Sealer(await SealingKey.GetAsync("shared", directory, TimeProvider.System, CancellationToken.None), TimeProvider.System).Open("one", text, out _).ShouldBeNull();
        sealer.Open("one", sealer.Seal("one", [], TimeSpan.FromMinutes(-1)), out isOver).ShouldNotBeNull();
        isOver.ShouldBeTrue();
        for (var i = 0; i < text.Length; i += 7)
            sealer.Open("one", text[..i] + (text[i] == 'A' ? 'B' : 'A') + text[(i + 1)..], out _).ShouldBeNull();
    }
}
