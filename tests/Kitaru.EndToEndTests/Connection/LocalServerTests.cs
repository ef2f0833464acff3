using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Kitaru.Client.Status;
using Kitaru.ControlPlane;
using Kitaru.EndToEndTests.World;
using Kitaru.PostgresForTests;

namespace Kitaru.EndToEndTests.Connection;

public sealed class LocalServerTests
{
    [Fact]
    public async Task Start_FromTwoProcessesAtOnce_IsOneServer_WhichOutlivesThem()
    {
        await using var world = new LocalServerWorld();
        int server;
        await using (var one = await McpServer.StartAsync(world.Home))
        await using (var other = await McpServer.StartAsync(world.Home))
        {
            var answers = await Task.WhenAll(one.CallAsync("kitaru_start_local_server", new { }), other.CallAsync("kitaru_start_local_server", new { }));
            answers.Select(answer => answer.ShouldBeFine().Data["url"]!.ToString()).Distinct().ShouldHaveSingleItem();
            answers.Select(answer => answer.Data["action"]!.ToString()).ShouldBe(["connected", "started"], ignoreOrder: true);
            foreach (var mcp in (McpServer[])[one, other])
                (await mcp.CallAsync("kitaru_status", new { })).ShouldBeFine().Data["connection"]!.ToString().ShouldBe("local Kitaru server");
            server = world.Registration!.Process.ProcessId;
        }
        ProcessIdentities.Of(server).ShouldBe(world.Registration!.Process);
        await using var kitaru = world.Client();
        (await kitaru.Stacks.ListAsync()).ShouldHaveSingleItem();

        (await kitaru.LocalServer.StopAsync()).Stopped.ShouldBeTrue();

        world.Registration.ShouldBeNull();
        ProcessIdentities.Of(server).ShouldBeNull();
        (await kitaru.LocalServer.StopAsync()).ShouldSatisfyAllConditions(again => again.Stopped.ShouldBeFalse(), again => again.Url.ShouldBeNull());
    }

    [Fact]
    public async Task StartAndStop_WhileAnExecutionWaits_ItGoesOn()
    {
        await using var world = new LocalServerWorld();
        var flow = world.Home.AddFlow("Questions.cs");
        await using var mcp = await McpServer.StartAsync(world.Home);
        var id = await mcp.RunAsync($"{flow}:ask_twice", new { ledger = world.Home.LedgerPath, staySeconds = 0 });
        (await mcp.RestAsync(id)).Status.ShouldBe("waiting");

        (await mcp.CallAsync("kitaru_start_local_server", new { })).ShouldBeFine();
        (await mcp.InputAsync(id, "approve", true)).ShouldBeFine();
        (await mcp.RestAsync(id)).Status.ShouldBe("waiting");

        (await mcp.CallAsync("kitaru_stop_local_server", new { })).ShouldBeFine().Data["stopped"]!.GetValue<bool>().ShouldBeTrue();
        (await mcp.InputAsync(id, "budget", new { Amount = 3, Currency = "EUR" })).ShouldBeFine();
        (await mcp.RestAsync(id)).ShouldHaveEnded("completed");
    }

    [Fact]
    public async Task Start_PortIsTaken_IsRefused_AndTheOtherProgramStays()
    {
        await using var world = new LocalServerWorld();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var kitaru = world.Client();
        var fault = await Should.ThrowAsync<KitaruStateException>(() => kitaru.LocalServer.StartAsync(port));
        fault.Message.ShouldContain($"{port}");
        fault.NextStep.ShouldNotBeNull().ShouldContain("another port");
        world.Registration.ShouldBeNull();
        var started = await kitaru.LocalServer.StartAsync();
        // The one that runs is not given up for a port that cannot be had.
        await Should.ThrowAsync<KitaruStateException>(() => kitaru.LocalServer.StartAsync(port));
        (await kitaru.LocalServer.StartAsync()).ShouldBe(started with { Action = "connected" });
    }

    [Fact]
    public async Task Start_ServerWasKilled_IsNoticed_AndStartedAnew()
    {
        await using var world = new LocalServerWorld();
        await using var kitaru = world.Client();
        // Not the default one: whoever works on this machine may have that.
        var first = await kitaru.LocalServer.StartAsync(Ports.Free());
        (await kitaru.Stacks.ListAsync()).ShouldHaveSingleItem();
        LocalServerWorld.Signal(world.Registration!.Process.ProcessId, "KILL");
        await Until.TrueAsync(() => !world.Registration!.IsAlive, "the server is gone");

        var status = (await RuntimeSnapshots.TakeAsync(kitaru)).ToJson();
        status["connection"]!.ToString().ShouldBe("local database");
        status["local_server_status"]!.ToString().ShouldStartWith("registered but unavailable");
        (await kitaru.Stacks.ListAsync()).ShouldHaveSingleItem();
        (await kitaru.LocalServer.StartAsync()).Action.ShouldBe("started");
        LocalServerWorld.Signal(world.Registration!.Process.ProcessId, "KILL");
        await Until.TrueAsync(() => !world.Registration!.IsAlive, "the server is gone");
        (await kitaru.LocalServer.StartAsync(new Uri(first.Url).Port)).Action.ShouldBe("restarted");
    }

    [Fact]
    public async Task Start_VersionOrPortDiffers_ReplacesTheOlder_AndUsesTheNewer()
    {
        await using var world = new LocalServerWorld();
        await using var kitaru = world.Client();
        var first = await kitaru.LocalServer.StartAsync(Ports.Free());
        world.Rewrite(registration => registration["version"] = "99.0.0");
        (await kitaru.LocalServer.StartAsync()).ShouldBe(first with { Action = "connected" });
        var before = world.Registration!.Process;
        world.Rewrite(registration => registration["version"] = "0.0.1");
        (await kitaru.LocalServer.StartAsync()).ShouldBe(first with { Action = "restarted" });
        world.Registration!.Process.ShouldNotBe(before);
    }

    [Fact]
    public async Task StopAndStart_NumberBelongsToAnotherProcess_ItIsNotTouched()
    {
        await using var world = new LocalServerWorld();
        await using var kitaru = world.Client();
        await kitaru.LocalServer.StartAsync();
        LocalServerWorld.Signal(world.Registration!.Process.ProcessId, "KILL");
        await Until.TrueAsync(() => !world.Registration!.IsAlive, "the server is gone");
        using var stranger = Process.Start(new ProcessStartInfo("sleep", ["600"]))!;
        try
        {
            world.Rewrite(registration => registration["process"]!["processId"] = stranger.Id);
            (await kitaru.LocalServer.StartAsync()).Action.ShouldBe("started");
            stranger.HasExited.ShouldBeFalse();
            LocalServerWorld.Signal(world.Registration!.Process.ProcessId, "KILL");
            await Until.TrueAsync(() => !world.Registration!.IsAlive, "the server is gone");
            world.Rewrite(registration => registration["process"]!["processId"] = stranger.Id);
            (await kitaru.LocalServer.StopAsync()).Stopped.ShouldBeFalse();
            stranger.HasExited.ShouldBeFalse();
        }
        finally
        {
            stranger.Kill();
        }
    }

    [Fact]
    public async Task Status_ServerHangs_AnswersInTime_AndAStartReplacesIt()
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var world = new LocalServerWorld();
        await using var kitaru = world.Client();
        await kitaru.LocalServer.StartAsync();
        var hung = world.Registration!.Process;
        LocalServerWorld.Signal(hung.ProcessId, "STOP");
        var begun = TimeProvider.System.GetTimestamp();

        var status = (await RuntimeSnapshots.TakeAsync(kitaru)).ToJson();

        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(4));
        status["connection"]!.ToString().ShouldBe("local Kitaru server");
        status["local_server_status"]!.ToString().ShouldContain("it does not answer");
        status["warning"].ShouldNotBeNull();
        (await kitaru.LocalServer.StartAsync()).Action.ShouldBe("restarted");
        ProcessIdentities.Of(hung.ProcessId).ShouldNotBe(hung);
    }

    [Fact]
    public async Task Start_ServerEndsAtOnce_SaysWhy_AndLeavesNothing()
    {
        await using var world = new LocalServerWorld();
        world.Variables["KITARU_SERVER_PATH"] = world.Home.Root;
        world.Home.Write("kitaru-server.dll", "no assembly");
        await using var kitaru = world.Client();
        var fault = await Should.ThrowAsync<KitaruBackendException>(() => kitaru.LocalServer.StartAsync());
        fault.Message.ShouldContain("service.log");
        fault.Message.ShouldContain("It ends with:");
        fault.NextStep.ShouldNotBeNull();
        world.Registration.ShouldBeNull();
        world.Variables["KITARU_SERVER_PATH"] = Path.Combine(world.Home.Root, "nothing");
        (await Should.ThrowAsync<KitaruFeatureNotAvailableException>(() => kitaru.LocalServer.StartAsync())).NextStep.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("""{"port":0}""")]
    [InlineData("""{"port":65536}""")]
    [InlineData("""{"port":"8383"}""")]
    [InlineData("""{"timeout":0}""")]
    [InlineData("""{"prot":8383}""")]
    public async Task Tool_WrongArgument_IsRefused(string arguments)
    {
        await using var world = new LocalServerWorld();
        await using var mcp = await McpServer.StartAsync(world.Home);
        (await mcp.CallAsync("kitaru_start_local_server", JsonNode.Parse(arguments)!)).ShouldBeError("KitaruUsageError");
        world.Registration.ShouldBeNull();
    }
}
