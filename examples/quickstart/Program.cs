using Kitaru.Quickstart;

// What an assistant does with kitaru-mcp, done by a program: the same server, the same protocol, the same tools.
var places = Places.For(args);
using var giveUp = new CancellationTokenSource(TimeSpan.FromMinutes(5));
try
{
    var right = await new Tour(places, new Transcript(Console.Out)).RunAsync(giveUp.Token);
    return right ? 0 : 1;
}
catch (Exception exception) when (exception is ToolFailedException or TimeoutException or OperationCanceledException or IOException)
{
    Console.WriteLine();
    Console.WriteLine($"The quickstart did not get through: {exception.Message}");
    Console.WriteLine($"What kitaru-mcp had to say: {places.ServerLog}");
    return 1;
}
