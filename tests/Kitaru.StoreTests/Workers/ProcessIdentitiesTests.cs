using System.Diagnostics;
using Kitaru.ControlPlane;

namespace Kitaru.StoreTests.Workers;

public sealed class ProcessIdentitiesTests
{
    [Fact]
    public void Current_IsAlive_AndTheSameEachTime()
    {
        ProcessIdentities.IsAlive(ProcessIdentities.Current()).ShouldBeTrue();
        ProcessIdentities.Current().ShouldBe(ProcessIdentities.Current());
    }

    [Fact]
    public void IsAlive_NumberUsedAgain_IsFalse() =>
        ProcessIdentities.IsAlive(ProcessIdentities.Current() with { StartedAtTicks = 12345 }).ShouldBeFalse();

    [Fact]
    public void IsAlive_OtherMachine_CountsAsAlive() =>
        ProcessIdentities.IsAlive(ProcessIdentities.Current() with { Machine = "other/boot/space", StartedAtTicks = 12345 }).ShouldBeTrue();

    [Fact]
    public void IsAlive_SameMachineStartedAnew_IsFalse()
    {
        var here = ProcessIdentities.Current();
        var parts = here.Machine.Split('/');

        ProcessIdentities.IsAlive(here with { Machine = $"{parts[0]}/another-boot/{parts[2]}" }).ShouldBeFalse();
        ProcessIdentities.IsAlive(here with { Machine = $"{parts[0]}/{parts[1]}/another-container", StartedAtTicks = 12345 }).ShouldBeTrue();
    }

    [Fact]
    public async Task IsAlive_ChildThatEnded_IsFalse_EvenBeforeItIsCollected()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var child = Process.Start(new ProcessStartInfo("sh", ["-c", "read line"]) { RedirectStandardInput = true })!;
        var identity = ProcessIdentities.Of(child.Id).ShouldNotBeNull();
        ProcessIdentities.IsAlive(identity).ShouldBeTrue();
        child.StandardInput.Close();
        await child.WaitForExitAsync();

        ProcessIdentities.IsAlive(identity).ShouldBeFalse();
    }
}
