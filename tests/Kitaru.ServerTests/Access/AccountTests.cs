using Kitaru.Client.Settings;
using Kitaru.Core;
using Kitaru.Core.Flows;

namespace Kitaru.ServerTests.Access;

public sealed class AccountTests
{
    [Fact]
    public async Task Accounts_MadeChangedListedAndDeleted_OverTheWire()
    {
        await using var world = await AccessWorld.StartAsync();
        var made = await world.Admin.CreateAccountAsync(new NewServiceAccount { Name = " nightly ", FullName = "Nightly runs" });
        made.Name.ShouldBe("nightly");
        var granted = await world.Admin.SetRoleAsync("nightly", "default", Role.Member);
        granted.Roles.ShouldHaveSingleItem().ShouldBe(new KeyValuePair<ProjectId, Role>(Project.DefaultId, Role.Member));
        for (var i = 0; i < 5; i++)
            await world.Admin.CreateAccountAsync(new NewServiceAccount { Name = $"a{i}" });
        await world.Admin.UpdateAccountAsync("a3", new ServiceAccountChange { IsActive = false, Name = "a3-old" });

        (await world.Admin.ListAccountsAsync(new AccessQuery { Page = 2, Size = 4 })).ShouldSatisfyAllConditions(
            page => page.Total.ShouldBe(6), page => page.Items.Select(item => item.Name).ShouldBe(["a4", "nightly"]));
        (await world.Admin.ListAccountsAsync(new AccessQuery { IsActive = false })).Items.ShouldHaveSingleItem().Name.ShouldBe("a3-old");
        (await world.Admin.ListAccountsAsync(new AccessQuery { Name = "nightly" })).Items.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            item => item.Id.ShouldBe(made.Id), item => item.Roles.Count.ShouldBe(1));
        AccessJson.Of(granted).Select(pair => pair.Key).Take(8).ShouldBe(["service_account_id", "name", "full_name", "description", "active", "created_at", "updated_at", "avatar_url"]);
        await world.Admin.DeleteAccountAsync(made.Id.ToString());
        (await Should.ThrowAsync<KitaruNotFoundException>(() => world.Admin.GetAccountAsync("nightly"))).NextStep.ShouldNotBeNull();
    }

    [Fact]
    public async Task Keys_AreShownOnce_AndFoundByNameOrId()
    {
        await using var world = await AccessWorld.StartAsync();
        await world.Admin.CreateAccountAsync(new NewServiceAccount { Name = "nightly" });
        var issued = await world.Admin.CreateKeyAsync("nightly", new NewApiKey { Name = "ci", Description = "for CI" });
        issued.Key.ShouldStartWith($"kat_{issued.ApiKey.Id.Value:N}_");
        issued.ToString().ShouldNotContain(issued.Key);
        (await world.Admin.GetKeyAsync("nightly", issued.ApiKey.Id.ToString())).ShouldBe(issued.ApiKey);
        (await world.SendAsync(HttpMethod.Get, "service_accounts/nightly/api_keys", AccessWorld.AdminSecret)).Text.ShouldNotContain(issued.Key[^43..]);
        await Should.ThrowAsync<KitaruStateException>(() => world.Admin.CreateKeyAsync("nightly", new NewApiKey { Name = "ci" }));
        AccessJson.Of(issued.ApiKey).Select(pair => pair.Key).Take(11).ShouldBe(
            ["api_key_id", "name", "service_account_id", "service_account_name", "description", "active", "created_at", "updated_at", "last_login", "last_rotated", "retain_period_minutes"]);
        await world.Admin.DeleteKeyAsync("nightly", "ci");
        (await world.Admin.ListKeysAsync("nightly", new AccessQuery())).Total.ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("0199c0de-0000-7000-8000-000000000000")]
    [InlineData("two\nlines")]
    public async Task Create_BadName_IsRefusedWithAnExample(string name)
    {
        await using var world = await AccessWorld.StartAsync();
        (await Should.ThrowAsync<KitaruUsageException>(() => world.Admin.CreateAccountAsync(new NewServiceAccount { Name = name }))).NextStep.ShouldNotBeNull();
        (await Should.ThrowAsync<KitaruUsageException>(() => world.Admin.CreateProjectAsync(new NewProject { Name = name }))).NextStep.ShouldNotBeNull();
        (await world.Admin.ListAccountsAsync(new AccessQuery())).Total.ShouldBe(0);
    }

    [Fact]
    public async Task Create_SameNameAtOnce_OneWins()
    {
        await using var world = await AccessWorld.StartAsync();
        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            try
            {
                await world.Admin.CreateProjectAsync(new NewProject { Name = "team" });
                return true;
            }
            catch (KitaruStateException)
            {
                return false;
            }
        }));
        made.Count(won => won).ShouldBe(1);
    }

    [Fact]
    public async Task Login_KeyAndProject_AreCheckedAndKept()
    {
        await using var world = await AccessWorld.StartAsync();
        var project = await world.Admin.CreateProjectAsync(new NewProject { Name = "team-a" });
        var key = await world.KeyAsync(Role.Member, "team-a", name: "assistant");
        var config = Path.Combine(world.Config.Root, "user");
        await using var kitaru = KitaruClient.Connect(new KitaruClientOptions { ConfigPath = config, Environment = _ => null, WorkingDirectory = world.Config.Root });
        await Should.ThrowAsync<KitaruAuthenticationException>(() => kitaru.LoginAsync(world.Url.ToString(), key[..^1]));
        await Should.ThrowAsync<KitaruUsageException>(() => kitaru.LoginAsync(world.Url.ToString(), key, "default"));
        File.Exists(Path.Combine(config, "credentials.json")).ShouldBeFalse();

        (await kitaru.LoginAsync(world.Url.ToString(), key, "team-a")).ToJson().ToJsonString().ShouldBe($$"""{"mode":"remote","url":"{{world.Url.ToString().TrimEnd('/')}}","project":"team-a"}""");

        (await kitaru.Stacks.ListAsync()).ShouldHaveSingleItem();
        var status = (await Kitaru.Client.Status.RuntimeSnapshots.TakeAsync(kitaru)).ToJson();
        (status["connection"]!.ToString(), status["active_user"]!.ToString(), status["active_project"]!.ToString(), status["server_database"]!.ToString(), status["server_deployment_type"]!.ToString())
            .ShouldBe(("remote Kitaru server", "assistant", "team-a", "sqlite", "shared"));
        status["warning"].ShouldBeNull();
        var settings = await kitaru.SettingsOn(await kitaru.OpenAsync()).ResolveAsync(new FlowDefinition { Name = "greet", Type = "My.Flows", Method = "Greet" }, new ExecutionSettings(), world.Config.Root, default);
        settings.Spec!["connection"]!["project"]!.ToString().ShouldBe(project.Id.ToString(), "an execution says where it was started");
        (await kitaru.CreateAccessTokenAsync()).Token.ShouldStartWith("ktk_");
        (await kitaru.LogoutAsync()).Mode.ShouldBe("remote_server");
        Should.Throw<KitaruUsageException>(() => kitaru.OpenAccess());
    }
}
