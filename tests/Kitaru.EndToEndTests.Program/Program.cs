using Kitaru;
using Kitaru.EndToEndTests.Program;

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
    default:
        await Console.Error.WriteLineAsync("run <ledger> <steps> | recover <id>");
        return 2;
}
