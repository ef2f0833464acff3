namespace Kitaru.CliTests.Keys;

/// <summary>Every command with <c>--output json</c>, on the embedded store and on a server.</summary>
public class KeyTests
{
    /// <summary>Commands that answer no JSON: they become another program, or print a script.</summary>
    private static readonly string[] WithoutJson = ["server.run", "worker", "mcp.start"];

    private static IEnumerable<KeyCase> Cases => [.. AdministrationKeys.Cases];

    public static TheoryData<string> Embedded => [.. Cases.Where(row => !row.NeedsServer).Select(row => row.Line)];

    public static TheoryData<string> OnServer => [.. Cases.Where(row => !row.IsLocal).Select(row => row.Line)];

    [Theory]
    [MemberData(nameof(Embedded))]
    public async Task Keys_Embedded_AreThoseOfTheContract(string line)
    {
        await using var world = new CliWorld();
        await CheckAsync(world, Cases.First(row => row.Line == line));
    }

    [Theory]
    [MemberData(nameof(OnServer))]
    public async Task Keys_OnAServer_AreThoseOfTheContract(string line)
    {
        await using var server = await CliServer.StartAsync();
        await using var world = new CliWorld();
        server.ConnectTo(world);
        await CheckAsync(world, Cases.First(row => row.Line == line));
    }

    [Fact]
    public void Table_HasEveryCommand() =>
        Commands.Leaves.Where(leaf => !leaf.Hidden).Select(leaf => leaf.Path).Except(Cases.Select(row => row.Path)).Except(ExecutionKeys.Cases.Select(row => row.Path)).Except(WithoutJson).ShouldBeEmpty();

    private static async Task CheckAsync(CliWorld world, KeyCase row)
    {
        var words = row.Prepare is null ? [] : await row.Prepare(world);
        var args = row.Line.Split(' ').Select(word => words.Length == 0 ? word : string.Format(System.Globalization.CultureInfo.InvariantCulture, word, [.. words]));

        var result = (await world.RunAsync([.. args, "--output", "json"])).ShouldSucceed();
        if (row.Finish is not null)
            await row.Finish(world);
        Check(row, result);
    }

    /// <summary>Compares what a command answered with its row.</summary>
    internal static void Check(KeyCase row, CliResult result)
    {
        result.Json["command"]!.ToString().ShouldBe(row.Path);
        var (must, may) = Contract.Read(row.Keys);
        if (row.IsList)
        {
            result.Json.Select(pair => pair.Key).ShouldBe(["command", "items", "count"]);
            result.Json["count"]!.GetValue<int>().ShouldBe(result.Items.Count);
            result.Items.ShouldNotBeEmpty();
        }
        else
        {
            result.Json.Select(pair => pair.Key).ShouldBe(["command", "item"]);
        }
        foreach (var item in row.IsList ? result.Items : [result.Item])
        {
            var keys = item.Select(pair => pair.Key).ToHashSet();
            must.Except(keys).ShouldBeEmpty($"missing in {item.ToJsonString()}");
            keys.Except(may).ShouldBeEmpty($"not of the contract in {item.ToJsonString()}");
        }
    }
}
