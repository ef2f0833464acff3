namespace Kitaru.CliTests.Runs;

/// <summary>A run that nobody takes: on a server without workers.</summary>
public class UntakenTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Run_ThatNobodyTakes_SaysOnceWhatItWaitsFor()
    {
        await using var server = await CliServer.StartAsync();
        var time = new Leaping();
        await using var world = new FlowWorld(new CliWorld { Time = time });
        server.ConnectTo(world.Cli);
        using var talk = new Heard { NewLine = "\n" };

        var run = world.Cli.RunAsync(host => host with { Error = talk }, "run", $"{FlowWorld.Target}:greet", "--input", """{"name":"tea"}""");
        await talk.UntilAsync("started.").WaitAsync(Patience);
        time.Leap(TimeSpan.FromSeconds(31));
        await talk.UntilAsync("no worker is connected").WaitAsync(Patience);
        time.Leap(TimeSpan.FromSeconds(31));
        await using var client = world.Cli.Connect();
        var execution = (await client.Executions.ListAsync()).Items.ShouldHaveSingleItem();
        await client.Executions.CancelAsync(execution.Id);
        await run.WaitAsync(Patience);

        var said = talk.ToString();
        said.Split("Warning:").Length.ShouldBe(2, said);
        said.ShouldContain("on stack default. Start a kitaru-worker for this server.");
        said.ShouldContain($"kitaru executions explain {execution.Id}");
    }

    /// <summary>A clock that can be put forward; what waits by it does not notice.</summary>
    private sealed class Leaping : TimeProvider
    {
        private long _ahead;

        public void Leap(TimeSpan by) => Interlocked.Add(ref _ahead, (long)(by.TotalSeconds * TimestampFrequency));

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _ahead);
    }

    /// <summary>Text that is waited for.</summary>
    private sealed class Heard : StringWriter
    {
        private readonly Lock _gate = new();
        private readonly List<(string Words, TaskCompletionSource Seen)> _waiting = [];

        public Task UntilAsync(string words)
        {
            lock (_gate)
            {
                var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add((words, seen));
                Look();
                return seen.Task;
            }
        }

        public override void Write(char value)
        {
            lock (_gate)
                base.Write(value);
        }

        public override void Write(char[] buffer, int index, int count)
        {
            lock (_gate)
                base.Write(buffer, index, count);
        }

        public override void Write(string? value)
        {
            lock (_gate)
                base.Write(value);
        }

        public override Task WriteLineAsync(string? value) => WriteLineAsync(value.AsMemory());

        public override Task WriteLineAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default)
        {
            lock (_gate)
            {
                base.Write(buffer.ToString() + "\n");
                Look();
            }
            return Task.CompletedTask;
        }

        private void Look()
        {
            var text = GetStringBuilder().ToString();
            foreach (var (words, seen) in _waiting)
            {
                if (text.Contains(words, StringComparison.Ordinal))
                    seen.TrySetResult();
            }
        }
    }
}
