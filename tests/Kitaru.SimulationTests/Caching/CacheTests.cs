using Kitaru.Core;
using Kitaru.Testing;

namespace Kitaru.SimulationTests.Caching;

/// <summary>Results that executions take from each other, and results that they do not.</summary>
public sealed class CacheTests
{
    [Fact]
    public async Task CheckpointThatAsksForIt_RunsOnceForTwoExecutions_AndSaysSo()
    {
        await using var host = new FlowTestHost();
        var (shop, ran) = Shop();
        var first = await host.RunAsync(() => Prices.Priced(shop, "tea"));
        var second = await host.RunAsync(() => Prices.Priced(shop, "tea"));

        (first.Result, second.Result).ShouldBe((103, 103));
        ran.ShouldBe(["look tea", "fresh tea", "fresh tea"]);
        var (computed, taken) = (first.Calls[0], second.Calls[0]);
        computed.CachedCallId.ShouldBeNull();
        taken.CachedCallId.ShouldBe(computed.Id);
        ((string)taken.Metadata["shop"]!).ShouldBe("corner");
        taken.Artifacts.Select(artifact => artifact.Name).ShouldBe(computed.Artifacts.Select(artifact => artifact.Name));
        taken.Artifacts.Select(artifact => artifact.Id).ShouldNotBe(computed.Artifacts.Select(artifact => artifact.Id));
        second.Calls[1].CachedCallId.ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HitThatIsReadAgain_IsOfOnePiece(bool always)
    {
        await using var host = new FlowTestHost(new FlowTestOptions { AlwaysReplay = always });
        var (shop, ran) = Shop();
        await host.RunAsync(() => Prices.Priced(shop, "tea"));
        (await host.RunAsync(() => Prices.Priced(shop, "tea"))).Result.ShouldBe(103);
        ran.Count(line => line == "look tea").ShouldBe(1);
    }

    [Fact]
    public async Task OtherArguments_RunAnew()
    {
        await using var host = new FlowTestHost();
        var (shop, ran) = Shop();
        await host.RunAsync(() => Prices.Priced(shop, "tea"));
        (await host.RunAsync(() => Prices.Priced(shop, "milk"))).Result.ShouldBe(104);
        ran.ShouldContain("look milk");
    }

    [Fact]
    public async Task SettingOfTheFlow_BeatsTheCheckpoints_EitherWay()
    {
        await using var host = new FlowTestHost();
        var (shop, ran) = Shop();
        await host.RunAsync(() => Prices.AllCached(shop, "tea"));
        await host.RunAsync(() => Prices.AllCached(shop, "tea"));
        // A body without arguments says nothing of what it depends on: it is never reused without a key of its own.
        ran.ShouldBe(["fresh tea", "free", "free"]);

        await host.RunAsync(() => Prices.NoneCached(shop, "tea"));
        await host.RunAsync(() => Prices.NoneCached(shop, "tea"));
        ran.Count(line => line == "look tea").ShouldBe(2);
    }

    [Fact]
    public async Task CheckpointWithoutAttribute_IsReusedUnderItsKey()
    {
        await using var host = new FlowTestHost();
        var (shop, ran) = Shop();
        foreach (var prompt in (string[])["why", "why", "how"])
            (await host.RunAsync(() => Prices.ByKey(shop, prompt))).Result.ShouldBe(prompt.ToUpperInvariant());
        ran.ShouldBe(["ask why", "ask how"]);
    }

    [Fact]
    public async Task SecondCallOfOneExecution_TakesTheFirstOnes()
    {
        await using var host = new FlowTestHost();
        var (shop, ran) = Shop();
        (await host.RunAsync(() => Prices.Twice(shop, "tea"))).Result.ShouldBe(6);
        ran.ShouldBe(["look tea"]);
    }

    [Fact]
    public async Task ArgumentThatCannotBeWritten_IsNotReused()
    {
        await using var host = new FlowTestHost();
        var (shop, ran) = Shop();
        await host.RunAsync(() => Prices.Opaque(shop, "tea"));
        await host.RunAsync(() => Prices.Opaque(shop, "tea"));
        ran.ShouldBe(["unwritable tea", "unwritable tea"]);
    }

    [Fact]
    public async Task TwoMethodsOfOneName_ShareNothing()
    {
        await using var host = new FlowTestHost();
        var (shop, ran) = Shop();
        for (var i = 0; i < 2; i++)
            (await host.RunAsync(() => Prices.Twins(shop))).Result.ShouldBe("here there");
        ran.ShouldBe(["load here", "load there"]);
    }

    [Fact]
    public async Task ArgumentWhoseContentNobodySees_IsNotReused()
    {
        await using var host = new FlowTestHost();
        var (shop, _) = Shop();
        (await host.RunAsync(() => Prices.Read(shop, "one"))).Result.ShouldBe("one");
        (await host.RunAsync(() => Prices.Read(shop, "two"))).Result.ShouldBe("two");
    }

    [Fact]
    public async Task CheckpointWithoutValue_IsReusedToo()
    {
        await using var host = new FlowTestHost();
        var (shop, ran) = Shop();
        await host.RunAsync(() => Prices.Saving(shop, "tea"));
        (await host.RunAsync(() => Prices.Saving(shop, "tea"))).Result.ShouldBe("tea");
        ran.ShouldBe(["save tea"]);
    }

    /// <summary>A shop of its own, so that tests beside this one are not counted.</summary>
    private static (string Shop, IReadOnlyCollection<string> Ran) Shop()
    {
        var shop = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N");
        return (shop, Prices.Of(shop));
    }
}
