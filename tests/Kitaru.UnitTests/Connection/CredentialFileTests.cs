using Kitaru.Client.Connection;
using Kitaru.Client.Status;

namespace Kitaru.UnitTests.Connection;

public sealed class CredentialFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly ConnectionWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Save_KeysOfServers_AreReadableByTheirOwnerOnly_AndStandSideBySide()
    {
        var credentials = new Credentials(_world.Config);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => credentials.SaveAsync($"https://server-{i}", $"key-{i}", TimeProvider.System, CancellationToken.None)));

        Credentials.Load(_world.Config.Credentials).Count.ShouldBe(8);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(_world.Config.Credentials).ShouldBe(OwnerOnly);
        await credentials.SaveAsync("https://server-3", null, TimeProvider.System, CancellationToken.None);
        Credentials.Load(_world.Config.Credentials).Keys.ShouldNotContain("https://server-3");
        Directory.GetFiles(_world.Config.Root).Select(file => Path.GetFileName(file)).ShouldBe(["credentials.json"]);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"servers\":{\"https://login\":{\"api_key\":{\"secret\":\"s3cr3t-value\"}}}}")]
    [InlineData("{\"servers\":[\"s3cr3t-value\"]}")]
    public async Task Read_DamagedCredentials_AreNamed_AndNothingOfThemIsSaid(string text)
    {
        await _world.LogInAsync("https://login", "k");
        File.WriteAllText(_world.Config.Credentials, text);
        await ShouldBeNamedAsync();
    }

    [Fact]
    public async Task Read_CredentialsAreAFolder_OrHuge_OrReadableByOthers_AreNamed()
    {
        await _world.LogInAsync("https://login", "k");
        File.Delete(_world.Config.Credentials);
        Directory.CreateDirectory(_world.Config.Credentials);
        await ShouldBeNamedAsync();
        Directory.Delete(_world.Config.Credentials);
        await _world.LogInAsync("https://login", new string('k', 300_000));
        await ShouldBeNamedAsync();
        File.Delete(_world.Config.Credentials);
        await _world.LogInAsync("https://login", "k");
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(_world.Config.Credentials, OwnerOnly | UnixFileMode.GroupRead);
        await ShouldBeNamedAsync();
    }

    [Fact]
    public async Task Read_LoginWithoutItsKey_SaysSo()
    {
        await _world.LogInAsync("https://login", "k");
        File.Delete(_world.Config.Credentials);
        Should.Throw<KitaruUsageException>(() => _world.Client().ReadConnection()).NextStep.ShouldNotBeNull().ShouldContain("Log in");
    }

    [Fact]
    public async Task Logout_RemoteLogin_LeavesOtherSettingsAndNoKey()
    {
        _world.WriteSettings("active_stack_id: s\n# mine\n");
        await _world.LogInAsync("https://login", "k", "p");
        await using var kitaru = _world.Client();

        var left = await kitaru.LogoutAsync();

        left.ToJson().ToJsonString().ShouldBe("""{"mode":"remote_server","target":"https://login","local_fallback_available":true,"local_server_stopped":false}""");
        kitaru.ReadConnection().Kind.ShouldBe(ConnectionKind.Embedded);
        File.ReadAllText(_world.Config.Settings).ShouldStartWith("active_stack_id: s\n# mine\n");
        Credentials.Load(_world.Config.Credentials).ShouldBeEmpty();
        (await kitaru.LogoutAsync()).Mode.ShouldBe("local_store");
    }

    [Fact]
    public async Task LoginAndLogout_VariablesSet_AreRefused()
    {
        _world.Variables["KITARU_AUTH_TOKEN"] = "t";
        await using var kitaru = _world.Client();
        (await Should.ThrowAsync<KitaruUsageException>(() => kitaru.LoginAsync("https://x", "k"))).Message.ShouldContain("KITARU_AUTH_TOKEN");
        (await Should.ThrowAsync<KitaruUsageException>(() => kitaru.LogoutAsync())).Message.ShouldContain("KITARU_AUTH_TOKEN");
    }

    [Theory]
    [InlineData("workspace")]
    [InlineData("kitaru.example")]
    [InlineData("localhost:8080")]
    public async Task Login_NoAddress_IsRefused(string server)
    {
        await using var kitaru = _world.Client();
        await Should.ThrowAsync<KitaruUsageException>(() => kitaru.LoginAsync(server, "k"));
        File.Exists(_world.Config.Settings).ShouldBeFalse();
    }

    private async Task ShouldBeNamedAsync()
    {
        await using var kitaru = _world.Client();
        var fault = Should.Throw<KitaruUsageException>(() => kitaru.ReadConnection());
        fault.Message.ShouldContain(_world.Config.Credentials);
        fault.ToString().ShouldNotContain("s3cr3t");
        var status = (await RuntimeSnapshots.TakeAsync(kitaru)).ToJson();
        status["connection"]!.ToString().ShouldBe("unavailable");
        status["warning"]!.ToString().ShouldContain(_world.Config.Credentials);
    }
}
