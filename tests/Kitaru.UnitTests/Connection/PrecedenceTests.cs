using Kitaru.Client.Connection;
using Kitaru.ControlPlane.LocalServer;
using Kitaru.Core.Configuration;

namespace Kitaru.UnitTests.Connection;

public sealed class PrecedenceTests : IDisposable
{
    private readonly ConnectionWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("options,environment,login,local", "https://options", "options-token", "runtime override (KitaruClientOptions)")]
    [InlineData("environment,login,local", "https://environment", "environment-token", "environment (KITARU_SERVER_URL)")]
    [InlineData("login,local", "https://login", "login-token", "global config")]
    [InlineData("local", "http://127.0.0.1:8383", "local-token", "local server (local_server/server.json)")]
    [InlineData("", null, null, null)]
    public async Task Read_SeveralPlaces_TheHighestWins(string places, string? url, string? token, string? source)
    {
        if (places.Contains("environment"))
            (_world.Variables["KITARU_SERVER_URL"], _world.Variables["KITARU_AUTH_TOKEN"]) = ("https://environment/", "environment-token");
        if (places.Contains("login"))
            await _world.LogInAsync("https://login", "login-token");
        if (places.Contains("local"))
            _world.Register();
        await using var kitaru = places.Contains("options") ? _world.Client("https://options//", "options-token") : _world.Client();

        var connection = kitaru.ReadConnection();

        (connection.ServerUrl, connection.Token, connection.ServerUrlSource).ShouldBe((url, token, source));
        connection.Kind.ShouldBe(places == "" ? ConnectionKind.Embedded : places == "local" ? ConnectionKind.LocalServer : ConnectionKind.RemoteServer);
        if (token is not null)
            connection.ToString().ShouldNotContain(token);
    }

    [Theory]
    [InlineData("KITARU_SERVER_URL", "https://x", "KITARU_AUTH_TOKEN")]
    [InlineData("KITARU_AUTH_TOKEN", "t", "KITARU_SERVER_URL")]
    public void Read_HalfAPair_IsAnErrorThatNamesTheOther(string name, string value, string missing)
    {
        _world.Variables[name] = value;
        _world.Variables[missing] = "  ";
        var fault = Should.Throw<KitaruUsageException>(() => _world.Client().ReadConnection());
        fault.Message.ShouldContain(missing);
        fault.NextStep.ShouldNotBeNull().ShouldContain(missing);
    }

    [Theory]
    [InlineData("ftp://x", "http or https")]
    [InlineData("kitaru.example", "http or https")]
    [InlineData("https://u:p@x", "a name and a password")]
    [InlineData("https://x?a=1", "'?'")]
    [InlineData("http://kitaru.example", "clear text")]
    public void Read_BadAddress_IsRefused(string url, string says)
    {
        var fault = Should.Throw<KitaruUsageException>(() => _world.Client(url, "token").ReadConnection());
        fault.Message.ShouldContain(says);
        fault.Message.ShouldNotContain("u:p");
        fault.NextStep.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("http://localhost:8080")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://[::1]:1")]
    public void Read_PlainHttpToThisMachine_IsAllowed(string url) => _world.Client(url, "token").ReadConnection().ServerUrl.ShouldBe(url);

    [Fact]
    public void Read_PlainHttpElsewhere_NeedsPermission()
    {
        _world.Variables["KITARU_ALLOW_HTTP"] = "1";
        _world.Client("http://kitaru.example/base/", "token").ReadConnection().ServerUrl.ShouldBe("http://kitaru.example/base");
    }

    [Fact]
    public async Task Open_ServerFromTheEnvironmentWithoutAProject_NamesTheVariable()
    {
        (_world.Variables["KITARU_SERVER_URL"], _world.Variables["KITARU_AUTH_TOKEN"]) = ("https://x", "t");
        await _world.LogInAsync("https://login", "login-token", "saved-for-another-server");
        await using var kitaru = _world.Client();

        kitaru.ReadConnection().Project.ShouldBeNull();
        (await Should.ThrowAsync<KitaruUsageException>(async () => await kitaru.OpenAsync())).Message.ShouldContain("KITARU_PROJECT");
        _world.Variables["KITARU_PROJECT"] = "p";
        kitaru.ReadConnection().ShouldSatisfyAllConditions(settings => settings.Project.ShouldBe("p"), settings => settings.ProjectSource.ShouldBe("environment (KITARU_PROJECT)"));
    }

    [Fact]
    public async Task Read_Project_OptionThenVariableThenRepositoryThenUser()
    {
        await _world.LogInAsync("https://login", "k", "of-user");
        _world.Client().ReadConnection().Project.ShouldBe("of-user");
        Directory.CreateDirectory(Path.Combine(_world.Folder, ".kitaru"));
        File.WriteAllText(Path.Combine(_world.Folder, ".kitaru", "config.yaml"), "active_project_id: of-repository\n");
        _world.Client().ReadConnection().Project.ShouldBe("of-repository");
        _world.Variables["KITARU_PROJECT"] = "of-environment";
        _world.Client().ReadConnection().Project.ShouldBe("of-environment");
        _world.Client(project: "of-options").ReadConnection().Project.ShouldBe("of-options");
    }

    [Fact]
    public async Task Open_AnotherProjectWithoutAServer_IsRefused()
    {
        await using var kitaru = _world.Client(project: "team-a");
        (await Should.ThrowAsync<KitaruUsageException>(async () => await kitaru.OpenAsync())).NextStep.ShouldNotBeNull().ShouldContain("kitaru_start_local_server");
        await using var preset = _world.Client(project: "default");
        (await preset.OpenAsync()).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Read_LocalServerThatIsNotReadyOrDead_IsPassedOver(bool isReady, bool isAlive)
    {
        _world.Register(isReady: isReady, isAlive: isAlive);
        _world.Client().ReadConnection().Kind.ShouldBe(ConnectionKind.Embedded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"url\":\"https://elsewhere\",\"instanceId\":\"i\",\"version\":\"1\",\"process\":{\"machine\":\"m\",\"processId\":1,\"startedAtTicks\":1},\"isReady\":true}")]
    [InlineData("{\"url\":\"http://127.0.0.1:1\",\"instanceId\":\"i\"}")]
    public void Read_DamagedRegistration_IsPassedOver(string text)
    {
        _world.Register();
        PrivateFile.Replace(LocalServerRegistration.PathIn(_world.Config), text);
        _world.Client().ReadConnection().Kind.ShouldBe(ConnectionKind.Embedded);
    }

    [Fact]
    public async Task Read_RunningClient_FollowsStartLoginLogoutAndStop()
    {
        await using var kitaru = _world.Client();
        kitaru.ReadConnection().Kind.ShouldBe(ConnectionKind.Embedded);
        _world.Register();
        kitaru.ReadConnection().Kind.ShouldBe(ConnectionKind.LocalServer);
        await _world.LogInAsync("https://login", "k");
        kitaru.ReadConnection().ServerUrl.ShouldBe("https://login");
        await new StoredLogin(null, null).SaveAsync(_world.Config, TimeProvider.System, CancellationToken.None);
        kitaru.ReadConnection().Kind.ShouldBe(ConnectionKind.LocalServer);
        File.Delete(LocalServerRegistration.PathIn(_world.Config));
        kitaru.ReadConnection().Kind.ShouldBe(ConnectionKind.Embedded);
    }

    [Fact]
    public async Task Open_TargetChanges_ControlPlaneIsExchanged_AndTheEmbeddedOneIsKept()
    {
        var opened = new List<string?>();
        await using var other = _world.Client();
        var stand = await other.OpenAsync();
        await using var kitaru = _world.Client(with: options => options with
        {
            OpenServer = (settings, _, _) =>
            {
                opened.Add(settings.ServerUrl);
                return Task.FromResult(stand);
            },
        });
        var embedded = await kitaru.OpenAsync();
        _world.Register();
        (await kitaru.OpenAsync()).ShouldBeSameAs(stand);
        (await kitaru.OpenAsync()).ShouldBeSameAs(stand);
        _world.Register("http://127.0.0.1:12345");
        await kitaru.OpenAsync();
        opened.ShouldBe(["http://127.0.0.1:8383", "http://127.0.0.1:12345"]);
        File.Delete(LocalServerRegistration.PathIn(_world.Config));
        (await kitaru.OpenAsync()).ShouldBeSameAs(embedded);
    }
}
