using Kitaru.ControlPlane;
using Kitaru.Core.Configuration;

namespace Kitaru.UnitTests.Configuration;

public class EmbeddedOptionsTests
{
    private static readonly ConfigDirectory Folder = new(Path.GetTempPath());

    [Theory]
    [InlineData(null, 10)]
    [InlineData("", 10)]
    [InlineData("1", 1)]
    [InlineData("2.5", 2.5)]
    [InlineData("3600", 3600)]
    public void FromEnvironment_Lease_IsReadInSeconds(string? value, double seconds) =>
        EmbeddedOptions.FromEnvironment(Folder, _ => value).LeaseDuration.ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("0")]
    [InlineData("0.5")]
    [InlineData("-5")]
    [InlineData("3601")]
    [InlineData("ten")]
    public void FromEnvironment_LeaseThatMakesNoSense_IsRefused(string value) =>
        Should.Throw<KitaruUsageException>(() => EmbeddedOptions.FromEnvironment(Folder, _ => value)).Message.ShouldContain($"it is '{value}'");
}
