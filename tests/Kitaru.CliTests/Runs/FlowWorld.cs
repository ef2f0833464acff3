namespace Kitaru.CliTests.Runs;

/// <summary>A world with a file of flows, on the embedded store or with the local server running on it.</summary>
internal sealed class FlowWorld : IAsyncDisposable
{
    public const string Target = "flows/Tasks.cs";

    private const string Source =
        """
        using Kitaru;

        public static class Tasks
        {
            public enum Tone { Dry, Warm }

            public sealed record Review(bool Approved, Tone Tone, string? Note = null);

            /// <summary>Greets somebody.</summary>
            [Flow]
            public static async Task<string> Greet(string name) => await Hello(name);

            [Flow]
            public static async Task<string> BreakDown() => await Fall();

            /// <summary>Asks before it greets.</summary>
            [Flow]
            public static async Task<string> Ask(string name) => await Flow.WaitAsync<bool>("approve", question: $"Greet {name}?") ? await Hello(name) : "kept";

            [Flow]
            public static async Task<string> Nap()
            {
                await Hello("night");
                await Flow.SleepAsync(TimeSpan.FromHours(1));
                return "awake";
            }

            /// <summary>Gets on when somebody lays a file into the folder.</summary>
            [Flow]
            public static async Task<string> Gated(string folder)
            {
                var notes = await GatherNotes(folder);
                var review = await Flow.WaitAsync<Review>("approve_draft", question: "Publish the draft?");
                return review.Approved ? await WriteDraft(folder, notes) : "rejected";
            }

            [Checkpoint]
            private static async Task<string> Hello(string name)
            {
                await Task.Yield();
                Console.WriteLine($"greeting {name}");
                return "hello " + name;
            }

            [Checkpoint]
            private static async Task<string> Fall()
            {
                await Task.Yield();
                throw new InvalidOperationException("the ladder is gone");
            }

            [Checkpoint]
            private static async Task<string> GatherNotes(string folder)
            {
                Console.WriteLine("gathering notes");
                await FileAsync(Path.Combine(folder, "notes"));
                return "notes";
            }

            [Checkpoint]
            private static async Task<string> WriteDraft(string folder, string notes)
            {
                Console.WriteLine("writing the draft");
                await FileAsync(Path.Combine(folder, "draft"));
                return $"draft from {notes}";
            }

            private static async Task FileAsync(string path)
            {
                while (!File.Exists(path))
                    await Task.Delay(20);
            }
        }
        """;

    private bool _hasServer;

    public FlowWorld(CliWorld? world = null)
    {
        Cli = world ?? new CliWorld();
        Cli.Write(Target, Source);
        Cli.Variables["KITARU_WORKER_IDLE_SECONDS"] = "1";
        Cli.Variables["KITARU_SERVER_PATH"] = Path.Combine(Program, "server");
    }

    /// <summary>The folder of the program as it was built.</summary>
    public static string Program { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Kitaru.Cli", new DirectoryInfo(AppContext.BaseDirectory).Name));

    public CliWorld Cli { get; }

    public static async Task<FlowWorld> StartAsync(bool withServer)
    {
        var world = new FlowWorld();
        if (withServer)
        {
            await using var client = world.Cli.Connect();
            await client.LocalServer.StartAsync(timeout: TimeSpan.FromMinutes(3));
            world._hasServer = true;
        }
        return world;
    }

    public Task<CliResult> RunAsync(string line) => Cli.RunAsync(line.Split(' '));

    /// <summary>Starts a flow and answers with its execution, at its end or its question.</summary>
    public async Task<System.Text.Json.Nodes.JsonObject> StartFlowAsync(string flow, string? input = null, params string[] more) =>
        (await Cli.RunAsync(["run", $"{Target}:{flow}", .. input is null ? (string[])[] : ["--input", input], .. more, "--output", "json"])).Item;

    public async ValueTask DisposeAsync()
    {
        if (_hasServer)
        {
            await using var client = Cli.Connect();
            await client.LocalServer.StopAsync();
        }
        // Workers end by themselves, and hold files of the folder until then.
        await Workers.EndAsync(Cli.ConfigDirectory);
        await Cli.DisposeAsync();
    }
}
