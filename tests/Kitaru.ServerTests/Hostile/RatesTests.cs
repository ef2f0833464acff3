using Kitaru.Core;
using Kitaru.Core.Configuration;
using Kitaru.Server;
using Kitaru.Server.Requests;

namespace Kitaru.ServerTests.Hostile;

public sealed class RatesTests
{
    private readonly StillTime _time = new();

    [Fact]
    public void Check_OfTooMany_IsRefusedUntilTimeHasPassed()
    {
        var rates = NewRates(perSecond: 1);
        var one = NewPrincipal("one");
        Allowed(rates, one, 10).ShouldBe(2);

        _time.Step(TimeSpan.FromSeconds(1));
        Allowed(rates, one, 10).ShouldBe(1);

        _time.Step(TimeSpan.FromHours(1));
        Allowed(rates, one, 10).ShouldBe(2);
    }

    [Fact]
    public void Check_OfOneWhoMadeTooMany_RefusesNobodyElse()
    {
        var rates = NewRates(perSecond: 1);
        Allowed(rates, NewPrincipal("one"), 10).ShouldBe(2);

        Allowed(rates, NewPrincipal("other"), 1).ShouldBe(1);
    }

    [Fact]
    public void Check_OfMoreThanAreRemembered_StillRefusesWhoMakesTooMany()
    {
        var rates = NewRates(perSecond: 1);
        for (var i = 0; i < 10_000; i++)
            Allowed(rates, NewPrincipal($"{i}"), 1).ShouldBe(1);
        _time.Step(TimeSpan.FromMinutes(1));

        Allowed(rates, NewPrincipal("one"), 10).ShouldBe(2);
        Allowed(rates, NewPrincipal("other"), 10).ShouldBe(2);
        Allowed(rates, NewPrincipal("one"), 10).ShouldBe(0);
    }

    private Rates NewRates(int perSecond) => new(new ServerOptions { Directory = new ConfigDirectory("unused"), Urls = "", IsLocal = false, AdminSecret = "", RequestsPerSecond = perSecond }, _time);

    private static int Allowed(Rates rates, Principal principal, int requests) => Enumerable.Range(0, requests).Count(_ => rates.Check(principal) is null);

    private static Principal NewPrincipal(string name) => new(name, IsAdmin: false, new Dictionary<ProjectId, Role>());

    /// <summary>Goes on by hand only: a slow machine must not give anything back.</summary>
    private sealed class StillTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Step(TimeSpan by) => _ticks += by.Ticks;
    }
}
