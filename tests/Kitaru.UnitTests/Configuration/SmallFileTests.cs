using System.Diagnostics;
using Kitaru.Core.Configuration;

namespace Kitaru.UnitTests.Configuration;

public sealed class SmallFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kitaru-small-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("12345678")]
    [InlineData("äöü")]
    public void ReadText_WithinTheLimit_GivesIt(string text)
    {
        File.WriteAllText(At("file"), text);

        SmallFile.ReadText(At("file"), 8).ShouldBe(text);
    }

    [Fact]
    public void ReadText_TooLarge_IsRefused()
    {
        File.WriteAllText(At("file"), "123456789");

        Should.Throw<IOException>(() => SmallFile.ReadText(At("file"), 8)).Message.ShouldContain("more than 8 bytes");
        Should.Throw<IOException>(() => SmallFile.ReadText(At("none"), 8)).Message.ShouldContain(At("none"));
    }

    [Fact]
    public void ReadText_Link_IsFollowed_AndMeasuredAtItsTarget()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.WriteAllText(At("file"), "123456789");
        File.CreateSymbolicLink(At("link"), At("file"));
        File.CreateSymbolicLink(At("link of a link"), At("link"));

        SmallFile.ReadText(At("link of a link"), 9).ShouldBe("123456789");
        Should.Throw<IOException>(() => SmallFile.ReadText(At("link"), 8));
    }

    [Fact]
    public async Task ReadText_DeviceOrPipe_IsEmpty_AndEndsAtOnce()
    {
        if (OperatingSystem.IsWindows())
            return;
        using (var made = Process.Start("mkfifo", At("pipe")))
            await made.WaitForExitAsync();
        File.CreateSymbolicLink(At("device"), "/dev/zero");
        File.CreateSymbolicLink(At("link"), At("pipe"));

        foreach (var path in new[] { "/dev/zero", At("device"), At("pipe"), At("link") })
            (await Task.Run(() => SmallFile.ReadText(path, 8)).WaitAsync(TimeSpan.FromSeconds(10))).ShouldBeEmpty(path);
    }

    private string At(string name) => Path.Combine(_folder, name);
}
