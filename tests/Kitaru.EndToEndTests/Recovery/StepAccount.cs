using System.Globalization;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Recovery;

/// <summary>The account of a sequential flow: no step lost, none repeated once the next one has begun, no more repeats than kills.</summary>
internal static class StepAccount
{
    public static void Check(Ledger ledger, int steps, int kills)
    {
        var began = ledger.Lines.Select(line => line.Split(' ')).Where(line => line is [_, _, "began", ..])
            .Select(line => int.Parse(line[1], CultureInfo.InvariantCulture)).ToList();
        began.Distinct().ShouldBe(Enumerable.Range(0, steps), ignoreOrder: false, "every step ran");
        began.ShouldBe(began.Order(), ignoreOrder: false, "no step ran again after a later one had begun");
        (began.Count - steps).ShouldBeLessThanOrEqualTo(kills, "one repeat per kill at most");
    }
}
