using Kitaru.ControlPlane.Access;
using Kitaru.Core;

namespace Kitaru.ServerTests.Access;

public sealed class TokenTests
{
    [Fact]
    public async Task Request_TokenIsNotValid_Is401_AndSaysNothingOfWhy()
    {
        await using var world = await AccessWorld.StartAsync();
        var key = await world.KeyAsync(Role.Member, name: "pipeline");
        var account = await world.Admin.GetAccountAsync("pipeline");
        var expired = new SignedTokens(AccessWorld.AdminSecret, new byte[32]).Issue(new TokenClaims { ExpiresAt = 1 });
        var forged = new SignedTokens("another-secret-another-secret-another", new byte[32]).Issue(new TokenClaims { ExpiresAt = 99_999_999_999 });
        var good = (await world.SendAsync(HttpMethod.Post, "auth/token", key)).Body["token"]!.ToString();
        string?[] bad =
        [
            null, "x", "kat_", key[..^1], key + "x", key[..^1] + (key[^1] == 'A' ? 'B' : 'A'), "kat_" + new string('0', 32) + key[36..], expired, forged, good[..^2], "ktk_.", "ktk_e30.e30",
            new string('a', 9000), AccessWorld.AdminSecret[..^1],
        ];

        var answers = new List<string>();
        foreach (var token in bad)
        {
            var (status, _, text) = await world.SendAsync(HttpMethod.Get, "executions", token);
            status.ShouldBe(401, token);
            answers.Add(System.Text.RegularExpressions.Regex.Replace(text, "\"request_id\":\"[^\"]*\"", ""));
        }

        answers.Distinct().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            text => text.ShouldNotContain("pipeline"), text => text.ShouldNotContain(account.Id.ToString()), text => text.ShouldNotContain("expired"));
        (await world.SendAsync(HttpMethod.Get, "executions", key)).Status.ShouldBe(200);
        (await world.SendAsync(HttpMethod.Get, "executions", good)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Request_KeyRevoked_Is401_OnEveryReplicaWithinSeconds()
    {
        var time = new SteppedTime();
        await using var world = await AccessWorld.StartAsync(time);
        var other = await world.StartServerAsync(time);
        var key = await world.KeyAsync(Role.Viewer, name: "reader");
        var token = (await world.SendAsync(HttpMethod.Post, "auth/token", key)).Body["token"]!.ToString();
        (await world.SendAsync(HttpMethod.Get, "executions", key, at: other)).Status.ShouldBe(200);

        await world.Admin.UpdateKeyAsync("reader", "main", new ApiKeyChange { IsActive = false });

        (await world.SendAsync(HttpMethod.Get, "executions", key)).Status.ShouldBe(401);
        (await world.SendAsync(HttpMethod.Get, "executions", token)).Status.ShouldBe(401);
        time.Step(TimeSpan.FromSeconds(5));
        (await world.SendAsync(HttpMethod.Get, "executions", key, at: other)).Status.ShouldBe(401);
        (await world.SendAsync(HttpMethod.Get, "executions", token, at: other)).Status.ShouldBe(401);
        await world.Admin.UpdateKeyAsync("reader", "main", new ApiKeyChange { IsActive = true });
        (await world.SendAsync(HttpMethod.Get, "executions", key)).Status.ShouldBe(200);
        await world.Admin.UpdateAccountAsync("reader", new ServiceAccountChange { IsActive = false });
        (await world.SendAsync(HttpMethod.Get, "executions", key)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Rotate_WithAndWithoutRetention_TheOldKeyLivesOnOrNot()
    {
        var time = new SteppedTime();
        await using var world = await AccessWorld.StartAsync(time);
        var first = await world.KeyAsync(Role.Viewer, name: "reader");

        var second = await world.Admin.RotateKeyAsync("reader", "main", retainMinutes: 5);
        (await world.SendAsync(HttpMethod.Get, "executions", first)).Status.ShouldBe(200);
        (await world.SendAsync(HttpMethod.Get, "executions", second.Key)).Status.ShouldBe(200);
        second.ApiKey.RetainPeriodMinutes.ShouldBe(5);
        time.Step(TimeSpan.FromMinutes(6));
        (await world.SendAsync(HttpMethod.Get, "executions", first)).Status.ShouldBe(401);
        var third = await world.Admin.RotateKeyAsync("reader", "main");
        (await world.SendAsync(HttpMethod.Get, "executions", second.Key)).Status.ShouldBe(401);
        (await world.SendAsync(HttpMethod.Get, "executions", third.Key)).Status.ShouldBe(200);
        (await world.Admin.GetKeyAsync("reader", "main")).LastLogin.ShouldNotBeNull();
    }

    [Fact]
    public async Task Expiry_KeyAndToken_EndByThemselves()
    {
        var time = new SteppedTime();
        await using var world = await AccessWorld.StartAsync(time);
        await world.KeyAsync(Role.Viewer, name: "reader");
        var key = (await world.Admin.CreateKeyAsync("reader", new NewApiKey { Name = "short", ExpiresAt = time.GetUtcNow().AddHours(2) })).Key;
        var token = (await world.SendAsync(HttpMethod.Post, "auth/token", key)).Body["token"]!.ToString();
        time.Step(TimeSpan.FromMinutes(61));
        (await world.SendAsync(HttpMethod.Get, "executions", token)).Status.ShouldBe(401);
        (await world.SendAsync(HttpMethod.Get, "executions", key)).Status.ShouldBe(200);
        time.Step(TimeSpan.FromHours(1));
        (await world.SendAsync(HttpMethod.Get, "executions", key)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Store_OfKeys_HoldsNoSecret()
    {
        await using var world = await AccessWorld.StartAsync();
        var key = await world.KeyAsync(Role.Viewer);
        await world.SendAsync(HttpMethod.Get, "executions", key);
        var bytes = string.Concat(new[] { "", "-wal" }.Select(end => File.Exists(world.Config.ServerDatabase + end) ? ReadShared(world.Config.ServerDatabase + end) : ""));
        bytes.ShouldContain("account-");
        bytes.ShouldNotContain(key[^43..]);
        bytes.ShouldNotContain(AccessWorld.AdminSecret);
    }

    [Fact]
    public async Task Request_ManyFailures_AreSlowedDown_AndWhoWasAcceptedIsNot()
    {
        await using var world = await AccessWorld.StartAsync();
        var key = await world.KeyAsync(Role.Viewer);
        (await world.SendAsync(HttpMethod.Get, "executions", key)).Status.ShouldBe(200);
        var statuses = new List<int>();
        for (var i = 0; i < 70; i++)
            statuses.Add((await world.SendAsync(HttpMethod.Get, "executions", $"wrong-{i}")).Status);
        statuses.Count(status => status == 401).ShouldBe(60);
        statuses[^1].ShouldBe(429);
        (await world.SendAsync(HttpMethod.Get, "executions", key)).Status.ShouldBe(200);
    }

    private static string ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file, System.Text.Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
