using System.Globalization;
using Kitaru.Soak;

const string usage =
    """
    dotnet run --project eng/soak -- kills  [--cycles 100] [--seed 1] [--width 4] [--steps 25]
    dotnet run --project eng/soak -- pauses [--cycles 20]  [--seed 1] [--width 3] [--steps 12]
    dotnet run --project eng/soak -- disk   [--cycles 30]  [--seed 1] [--width 4] [--steps 25] [--tmpfs 1]
    dotnet run --project eng/soak -- servers [--executions 2000] [--seed 1] [--seconds 120] [--steps 6]
    dotnet run --project eng/soak -- waiting [--executions 10000] [--seconds 60]
    dotnet run --project eng/soak -- moves   [--executions 10000]
    dotnet run --project eng/soak -- calls   [--calls 100000]
    KITARU_LEASE_SECONDS sets the lease of all processes; pauses and servers use 3 unless it is set, disk 2.
    """;
if (args is not [var mode, .. var rest] || rest.Length % 2 != 0)
    return Refuse();
var numbers = mode switch
{
    "kills" => new Dictionary<string, int> { ["--cycles"] = 100, ["--seed"] = 1, ["--width"] = 4, ["--steps"] = 25 },
    "pauses" => new Dictionary<string, int> { ["--cycles"] = 20, ["--seed"] = 1, ["--width"] = 3, ["--steps"] = 12 },
    "disk" => new Dictionary<string, int> { ["--cycles"] = 30, ["--seed"] = 1, ["--width"] = 4, ["--steps"] = 25, ["--tmpfs"] = 0 },
    "servers" => new Dictionary<string, int> { ["--executions"] = 2000, ["--seed"] = 1, ["--seconds"] = 120, ["--steps"] = 6 },
    "waiting" => new Dictionary<string, int> { ["--executions"] = 10_000, ["--seconds"] = 60 },
    "moves" => new Dictionary<string, int> { ["--executions"] = 10_000 },
    "calls" => new Dictionary<string, int> { ["--calls"] = 100_000 },
    _ => [],
};
foreach (var pair in rest.Chunk(2))
{
    if (!numbers.ContainsKey(pair[0]) || !int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || (number == 0 && pair[0] != "--tmpfs"))
        return Refuse();
    numbers[pair[0]] = number;
}
var (cycles, seed, width, steps) = numbers.TryGetValue("--cycles", out var asked) ? (asked, numbers["--seed"], numbers["--width"], numbers["--steps"]) : default;
switch (mode)
{
    case "kills":
        return await new KillSoak(cycles, seed, width, steps).RunAsync() ? 0 : 1;
    case "pauses":
        SetLease("3");
        return await new PauseSoak(cycles, seed, width, steps).RunAsync() ? 0 : 1;
    case "disk":
        SetLease("2");
        using (var soak = new DiskSoak(cycles, seed, width, steps, inMemory: numbers["--tmpfs"] != 0))
            return await soak.RunAsync() ? 0 : 1;
    case "servers":
        SetLease("3");
        return await new ServerSoak(numbers["--executions"], numbers["--seed"], TimeSpan.FromSeconds(numbers["--seconds"]), numbers["--steps"]).RunAsync() ? 0 : 1;
    case "waiting":
        return await new WaitingSoak(numbers["--executions"], TimeSpan.FromSeconds(numbers["--seconds"])).RunAsync() ? 0 : 1;
    case "moves":
        return await new MoveSoak(numbers["--executions"]).RunAsync() ? 0 : 1;
    case "calls":
        return await new CallSoak(numbers["--calls"]).RunAsync() ? 0 : 1;
    default:
        return Refuse();
}

// Before anything is opened: the processes that are started inherit it.
static void SetLease(string seconds)
{
    if (Environment.GetEnvironmentVariable(Kitaru.ControlPlane.EmbeddedOptions.LeaseVariable) is not { Length: > 0 })
        Environment.SetEnvironmentVariable(Kitaru.ControlPlane.EmbeddedOptions.LeaseVariable, seconds);
}

static int Refuse()
{
    Console.Error.WriteLine(usage);
    return 2;
}
