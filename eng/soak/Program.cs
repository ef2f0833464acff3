using System.Globalization;
using Kitaru.Soak;

const string usage = "dotnet run --project eng/soak -- kills [--cycles 100] [--seed 1] [--width 4] [--steps 25]";
var numbers = new Dictionary<string, int> { ["--cycles"] = 100, ["--seed"] = 1, ["--width"] = 4, ["--steps"] = 25 };
if (args is not ["kills", .. var rest] || rest.Length % 2 != 0)
    return Refuse();
foreach (var pair in rest.Chunk(2))
{
    if (!numbers.ContainsKey(pair[0]) || !int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
        return Refuse();
    numbers[pair[0]] = number;
}
var soak = new KillSoak(numbers["--cycles"], numbers["--seed"], numbers["--width"], numbers["--steps"]);
return await soak.RunAsync() ? 0 : 1;

static int Refuse()
{
    Console.Error.WriteLine(usage);
    return 2;
}
