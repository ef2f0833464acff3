using Kitaru;
using Kitaru.EndToEndTests.Program;

// again <ledger> <gate>: starts one that fails, retries it once the gate is there, replays it with another output and another input.
// deploy <versions>: stores so many deployments of one flow and moves its tags; look <versions>: checks them until all are there.
// run <ledger> <steps>: starts one, prints its id and result. recover <id>: continues what an earlier run left, prints the result.
await using var kitaru = KitaruClient.Connect();
switch (args)
{
    case ["run", var ledger, var steps]:
        var count = int.Parse(steps, System.Globalization.CultureInfo.InvariantCulture);
        var handle = await kitaru.RunAsync(() => Errands.Walk(ledger, count));
        Console.WriteLine(handle.Id);
        Console.WriteLine(await handle.WaitAsync());
        return 0;
    case ["recover", var id]:
        await kitaru.RecoverAsync();
        var left = kitaru.Executions.Handle(ExecutionId.Parse(id));
        await left.WaitAsync();
        Console.WriteLine(await left.GetAsync<string>());
        return 0;
    case ["again", var ledger, var gate]:
        var failing = await kitaru.RunAsync(() => Errands.Deliver(ledger, gate, "here: "));
        var failure = await FailureOf(() => failing.WaitAsync());
        await File.WriteAllTextAsync(gate, "");
        await kitaru.Executions.RetryAsync(failing.Id);
        Console.WriteLine(await failing.WaitAsync());
        var replay = await kitaru.Executions.ReplayAsync(failing.Id, "hand_over", new ReplayOptions
        {
            Overrides = new() { ["checkpoint.pack"] = "letter" },
            FlowInputs = new() { ["greeting"] = "there: " },
        });
        await replay.WaitAsync();
        Console.WriteLine(await replay.GetAsync<string>());
        Console.WriteLine(failure);
        return 0;
    case ["deploy", var versions]:
        await Deploying.DeployAsync(kitaru, int.Parse(versions, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    case ["look", var expected]:
        return await Deploying.LookAsync(kitaru, int.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
    default:
        await Console.Error.WriteLineAsync("run <ledger> <steps> | again <ledger> <gate> | recover <id> | deploy <versions> | look <versions>");
        return 2;
}

static async Task<string> FailureOf(Func<Task> fails)
{
    try
    {
        await fails();
        return "";
    }
    catch (KitaruUserCodeException exception)
    {
        return exception.Message;
    }
}
