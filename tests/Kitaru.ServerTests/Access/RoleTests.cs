using Kitaru.Core;

namespace Kitaru.ServerTests.Access;

public sealed class RoleTests
{
    [Theory]
    [InlineData(Role.Viewer, 200, 403, 403)]
    [InlineData(Role.Member, 200, 200, 403)]
    public async Task Request_Role_MayReadWriteOrAdminister(Role role, int read, int write, int administer)
    {
        await using var world = await AccessWorld.StartAsync();
        var key = await world.KeyAsync(role);
        (await world.SendAsync(HttpMethod.Get, "executions", key)).Status.ShouldBe(read);
        (await world.SendAsync(HttpMethod.Post, "stacks", key, body: """{"name":"dev"}""")).Status.ShouldBe(write, "stacks");
        foreach (var (method, path, body) in ServerWide)
            (await world.SendAsync(method, path, key, body: body)).Status.ShouldBe(administer, path);
        (await world.SendAsync(HttpMethod.Get, "info", key)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Request_ServerWideEndpoints_NeedAnAdministratorAndAToken()
    {
        await using var world = await AccessWorld.StartAsync();
        await world.Admin.CreateAccountAsync(new NewServiceAccount { Name = "root", IsAdmin = true });
        var admin = (await world.Admin.CreateKeyAsync("root", new NewApiKey { Name = "k" })).Key;
        var projectAdmin = await world.KeyAsync(Role.Admin);
        foreach (var (method, path, body) in ServerWide)
        {
            (await world.SendAsync(method, path, null, body: body)).Status.ShouldBe(401, path);
            (await world.SendAsync(method, path, projectAdmin, body: body)).Status.ShouldBe(403, path);
            (await world.SendAsync(method, path, admin, body: body)).Status.ShouldNotBeOneOf(401, 403);
        }
    }

    [Fact]
    public async Task Request_AnotherProject_Is404_WhetherItIsThereOrNot()
    {
        await using var world = await AccessWorld.StartAsync();
        var secret = await world.Admin.CreateProjectAsync(new NewProject { Name = "team-secret" });
        var key = await world.KeyAsync(Role.Admin);
        foreach (var project in new[] { "team-secret", secret.Id.ToString() })
        {
            var (status, body, text) = await world.SendAsync(HttpMethod.Get, "executions", key, project);
            status.ShouldBe(404);
            var (otherStatus, _, otherText) = await world.SendAsync(HttpMethod.Get, "executions", key, "team-nobody");
            otherStatus.ShouldBe(404);
            Without(otherText, "team-nobody").ShouldBe(Without(text, project));
            body["code"]!.ToString().ShouldBe("KitaruNotFoundError");
            (await world.SendAsync(HttpMethod.Get, $"projects/{project}", key)).Status.ShouldBe(404);
        }
        (await world.SendAsync(HttpMethod.Get, "projects", key)).Text.ShouldNotContain("team-secret");
        (await world.SendAsync(HttpMethod.Get, "executions", await world.KeyAsync(null))).Status.ShouldBe(404);

        static string Without(string text, string name) => System.Text.RegularExpressions.Regex.Replace(text.Replace(name, "", StringComparison.Ordinal), "\"request_id\":\"[^\"]*\"", "");
    }

    [Fact]
    public async Task Project_OfItsOwn_SeesNothingOfAnother_AndIsGoneWhenDeleted()
    {
        await using var world = await AccessWorld.StartAsync();
        var project = await world.Admin.CreateProjectAsync(new NewProject { Name = "team-a", DisplayName = "Team A" });
        var key = await world.KeyAsync(Role.Member, "team-a");
        var inside = await world.ConnectAsync(key);
        await inside.Secrets.CreateAsync("creds", new Dictionary<string, string> { ["API_KEY"] = "v" });
        var outside = await world.ConnectAsync(AccessWorld.AdminSecret);
        (await outside.Secrets.ListAsync()).ShouldBeEmpty();
        var folder = Path.Combine(world.Config.Projects, project.Id.ToString());
        Directory.Exists(folder).ShouldBeTrue();

        await world.Admin.DeleteProjectAsync("team-a");

        Directory.Exists(folder).ShouldBeFalse();
        (await world.Admin.FindProjectAsync("team-a")).ShouldBeNull();
        (await Should.ThrowAsync<KitaruStateException>(() => world.Admin.DeleteProjectAsync("default"))).NextStep.ShouldNotBeNull();
        (await world.Admin.GetAccountAsync((await world.Admin.ListAccountsAsync(new AccessQuery())).Items[0].Name)).Roles.ShouldBeEmpty();
    }

    [Fact]
    public async Task WorkerToken_ReachesItselfAndItsProjectOnly()
    {
        await using var world = await AccessWorld.StartAsync();
        var key = await world.KeyAsync(Role.Member);
        var worker = new WorkerId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        var body = """{"snapshot":"abc"}""";
        (await world.SendAsync(HttpMethod.Post, $"workers/{worker}/token", await world.KeyAsync(Role.Viewer), body: body)).Status.ShouldBe(403);
        var token = (await world.SendAsync(HttpMethod.Post, $"workers/{worker}/token", key, body: body)).Body["token"]!.ToString();

        (await world.SendAsync(HttpMethod.Get, "info", token)).Status.ShouldBe(200);
        (await world.SendAsync(HttpMethod.Post, $"workers/{worker}/token", token, body: body)).Status.ShouldBe(200);
        (await world.SendAsync(HttpMethod.Post, $"workers/{worker}/token", token, body: """{"snapshot":"other"}""")).Status.ShouldBe(403);
        (await world.SendAsync(HttpMethod.Post, $"workers/{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}/token", token, body: body)).Status.ShouldBe(403);
        (await world.SendAsync(HttpMethod.Post, "auth/token", token)).Status.ShouldBe(403);
        (await world.SendAsync(HttpMethod.Get, "executions", token)).Status.ShouldBe(403);
        (await world.SendAsync(HttpMethod.Get, "projects", token)).Status.ShouldBe(403);
        (await world.SendAsync(HttpMethod.Post, $"workers/{worker}/claims", token, body: """{"kind":{"snapshot":"other","environment":""},"max":1}""")).Status.ShouldBe(403);
        await world.Admin.UpdateAccountAsync((await world.Admin.ListAccountsAsync(new AccessQuery())).Items[0].Name, new ServiceAccountChange { IsActive = false });
        (await world.SendAsync(HttpMethod.Get, "info", token)).Status.ShouldBe(401);
    }

    private static readonly (HttpMethod Method, string Path, string? Body)[] ServerWide =
    [
        (HttpMethod.Post, "projects", """{"name":"p"}"""),
        (HttpMethod.Patch, "projects/nothing", "{}"),
        (HttpMethod.Delete, "projects/nothing", null),
        (HttpMethod.Get, "service_accounts", null),
        (HttpMethod.Post, "service_accounts", """{"name":"made"}"""),
        (HttpMethod.Get, "service_accounts/made", null),
        (HttpMethod.Patch, "service_accounts/made", "{}"),
        (HttpMethod.Put, "service_accounts/made/roles/default", """{"role":"viewer"}"""),
        (HttpMethod.Delete, "service_accounts/made/roles/default", null),
        (HttpMethod.Get, "service_accounts/made/api_keys", null),
        (HttpMethod.Post, "service_accounts/made/api_keys", """{"name":"k"}"""),
        (HttpMethod.Get, "service_accounts/made/api_keys/k", null),
        (HttpMethod.Patch, "service_accounts/made/api_keys/k", "{}"),
        (HttpMethod.Post, "service_accounts/made/api_keys/k/rotate", "{}"),
        (HttpMethod.Delete, "service_accounts/made/api_keys/k", null),
        (HttpMethod.Delete, "service_accounts/made", null),
        (HttpMethod.Post, "shutdown", null),
    ];
}
