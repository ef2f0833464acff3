using System.Net;
using System.Net.Sockets;
using Kitaru.Client.Status;

namespace Kitaru.UnitTests.Connection;

public sealed class ServerStatusTests : IDisposable
{
    private readonly ConnectionWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Take_ServerAcceptsAndNeverAnswers_SaysSoInTime()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var kitaru = _world.Client($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}", "token-that-is-secret", "p");
        var begun = TimeProvider.System.GetTimestamp();

        var status = (await RuntimeSnapshots.TakeAsync(kitaru)).ToJson();

        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(4));
        status["connection"]!.ToString().ShouldBe("remote Kitaru server");
        status["warning"]!.ToString().ShouldStartWith("KitaruBackendError: ");
        status["server_version"].ShouldBeNull();
        status["active_stack"].ShouldBeNull();
        status["connection_sources"]!["project"]!.ToString().ShouldBe("runtime override (KitaruClientOptions)");
        status.ToJsonString().ShouldNotContain("token-that-is-secret");
    }

    [Fact]
    public async Task Take_RegisteredServerIsDead_WorksOnTheDatabase_AndSaysSo()
    {
        _world.Register(isAlive: false);
        await using var kitaru = _world.Client();
        var status = (await RuntimeSnapshots.TakeAsync(kitaru)).ToJson();
        status["connection"]!.ToString().ShouldBe("local database");
        status["local_server_status"]!.ToString().ShouldStartWith("registered but unavailable (daemon: process");
    }

    [Fact]
    public async Task Take_VariableWithoutItsPair_IsUnavailableAndNoError()
    {
        _world.Variables["KITARU_SERVER_URL"] = "https://x";
        await using var kitaru = _world.Client();
        var status = (await RuntimeSnapshots.TakeAsync(kitaru)).ToJson();
        (status["connection"]!.ToString(), status["connection_target"]!.ToString()).ShouldBe(("unavailable", "unavailable"));
        status["warning"]!.ToString().ShouldContain("KITARU_AUTH_TOKEN");
    }

    [Fact]
    public async Task Take_All_HasPackagesProvenanceAndTheKindOfEnvironment()
    {
        _world.Variables["KITARU_PROJECT"] = "default";
        _world.Variables["CIRCLECI"] = "true";
        await using var kitaru = _world.Client();
        var all = (await RuntimeSnapshots.TakeAsync(kitaru, question: new RuntimeQuestion { All = true })).ToJson();
        all["environment_type"]!.ToString().ShouldBe("circleci");
        all["packages"]!["kitaru-core"]!.ToString().ShouldBe(RuntimeSnapshots.LibraryVersion);
        all["active_project_provenance"]!["effective_source"]!.ToString().ShouldBe("environment");
        all["active_stack_provenance"]!["effective_source"]!.ToString().ShouldBe("unset");
        var some = (await RuntimeSnapshots.TakeAsync(kitaru, question: new RuntimeQuestion { Packages = ["Kitaru.Core", "NOT_THERE"] })).ToJson();
        some["packages"]!.ToJsonString().ShouldContain("\"not-there\":\"not installed\"");
        some["environment_type"].ShouldBeNull();
    }
}
