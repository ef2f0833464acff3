namespace Kitaru.UnitTests.Generators;

/// <summary>What would differ on a re-run is refused in a flow body.</summary>
public sealed class FlowBodyRuleTests
{
    private const string Frame = """
        using Kitaru;
        using System.Diagnostics;
        using System.Threading.Channels;
        public class Program(HttpClient http, SemaphoreSlim gate)
        {
            static int counter;
            static readonly string[] Topics = ["a"];
            const int Max = 3;
            static int Auto { get; set; }
            Task field = Task.CompletedTask;
            [Checkpoint] internal static Task<int> Step(int n) => Task.FromResult(n);
            [Checkpoint] internal static int Now() => DateTime.Now.Day;
            HttpClient Http => http;
            SemaphoreSlim Gate => gate;
            $HELPERS
            [Flow]
            public async Task<object?> Go(string topic)
            {
                await Step(0);
                $BODY
                return null;
            }
        }
        """;

    [Theory]
    [InlineData("var t = {|KIT101:DateTime.Now|}.AddDays(1);")]
    [InlineData("var t = {|KIT101:DateTime.UtcNow|}; var u = {|KIT101:DateTime.Today|}; var v = {|KIT101:DateTimeOffset.Now|}; var w = {|KIT101:DateTimeOffset.UtcNow|};")]
    [InlineData("var t = {|KIT101:Stopwatch.StartNew()|};")]
    [InlineData("var t = {|KIT101:Stopwatch.GetTimestamp()|}; var u = {|KIT101:Environment.TickCount64|};")]
    [InlineData("var t = {|KIT101:TimeProvider.System.GetUtcNow()|};")]
    [InlineData("var t = Flow.UtcNow; var u = new DateTime(2020, 1, 1); var v = DateTime.MinValue; var w = TimeSpan.FromDays(1);")]
    [InlineData("Func<DateTime> f = () => {|KIT101:DateTime.Now|}; DateTime L() => {|KIT101:DateTime.Now|}; f(); L();")]
    [InlineData("var n = nameof(DateTime.Now);")]
    [InlineData("var t = {|KIT102:Guid.NewGuid()|}; var u = {|KIT102:Guid.CreateVersion7()|}; var v = Flow.NewGuid(); var w = Guid.Empty;")]
    [InlineData("var t = {|KIT103:new Random()|}; var u = {|KIT103:Random.Shared|}.Next(); var v = new Random(7).Next(); var w = Flow.Random.Next();")]
    [InlineData("var t = {|KIT103:System.Security.Cryptography.RandomNumberGenerator.GetInt32(3)|}; var u = {|KIT103:topic.GetHashCode()|}; var v = {|KIT103:HashCode.Combine(1, 2)|};")]
    [InlineData("await {|KIT104:Task.Delay(10)|}; {|KIT104:Thread.Sleep(10)|}; await Flow.SleepAsync(TimeSpan.FromSeconds(1));")]
    [InlineData("using var t = {|KIT104:new PeriodicTimer(TimeSpan.FromSeconds(1))|}; await {|KIT104:t.WaitForNextTickAsync()|};")]
    [InlineData("using var c = {|KIT104:new CancellationTokenSource(1000)|}; {|KIT104:c.CancelAfter(1)|}; using var d = new CancellationTokenSource(); d.Cancel();")]
    [InlineData("await {|KIT104:Step(1).WaitAsync(TimeSpan.FromSeconds(1))|};")]
    [InlineData("using var t = {|KIT104:new Timer(_ => { })|}; ")]
    [InlineData("await {|KIT105:Task.Run(() => 1)|};")]
    [InlineData("await {|KIT105:Task.Factory.StartNew(() => 1)|}; {|KIT105:new Thread(() => { })|}.ToString();")]
    [InlineData("{|KIT105:Parallel.For(0, 3, i => { })|}; {|KIT105:ThreadPool.QueueUserWorkItem(_ => { })|};")]
    [InlineData("var q = {|KIT105:new[] { 1 }.AsParallel()|}; await {|KIT105:Step(1).ContinueWith(t => 1)|};")]
    [InlineData("await {|KIT106:Step(1).ConfigureAwait(false)|}; await Step(1).ConfigureAwait(true);")]
    [InlineData("await {|KIT106:Step(1).ConfigureAwait(ConfigureAwaitOptions.None)|}; await Step(1).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext);")]
    [InlineData("var t = {|KIT107:Step(1).Result|}; {|KIT107:Step(1).Wait()|}; var u = {|KIT107:Step(1).GetAwaiter().GetResult()|};")]
    [InlineData("{|KIT107:Task.WaitAll(Step(1), Step(2))|};")]
    [InlineData("await Task.WhenAll(Step(1), Step(2)); var t = await Task.WhenAny(Step(1), Step(2)); await t; await Task.Yield(); await Task.CompletedTask; await Task.FromResult(1); await new ValueTask<int>(1);")]
    [InlineData("var tasks = new List<Task<int>>(); foreach (var i in new[] { 1, 2 }) tasks.Add(Step(i)); while (tasks.Count > 0) { var done = await Task.WhenAny(tasks); tasks.Remove(done); await done; }")]
    [InlineData("var all = await Task.WhenAll(Topics.Select(async t => { var n = await Step(t.Length); return n + 1; })); await foreach (var t in Task.WhenEach(Step(1), Step(2))) await t;")]
    [InlineData("var s = new TaskCompletionSource<int>(); s.SetResult(1); await s.Task; await field; var pair = (Task: Step(1), 2); await pair.Task; await tasksOf()[0]; Task<int>[] tasksOf() => [Step(1)];")]
    [InlineData("await {|KIT108:System.Text.Json.JsonSerializer.SerializeAsync(Stream.Null, 1)|};")]
    [InlineData("var pending = {|KIT108:Stream.Null.FlushAsync()|}; await Task.WhenAll(Step(1), pending);")]
    [InlineData("var c = Channel.CreateUnbounded<int>(); await {|KIT111:c.Reader.Completion|};")]
    [InlineData("await using var s = {|KIT109:new FileStream(\"x\", FileMode.Open)|};", "KIT108")]
    [InlineData("Func<Task> f = async () => await Step(1); await f(); await Helper(f);", "", "static async Task Helper(Func<Task> f) { await f(); }")]
    [InlineData("var x = {|KIT109:File.ReadAllText(\"x\")|}; await {|KIT109:File.ReadAllTextAsync(\"x\")|}; var d = {|KIT109:Directory.GetFiles(\".\")|};")]
    [InlineData("var x = await {|KIT109:Http.GetStringAsync(\"x\")|}; Http.DefaultRequestHeaders.Clear();")]
    [InlineData("var x = {|KIT109:Environment.GetEnvironmentVariable(\"X\")|} + Environment.NewLine + {|KIT109:Environment.MachineName|};")]
    [InlineData("var x = {|KIT109:Console.ReadLine()|}; Console.WriteLine(x); Console.Error.WriteLine(x); Console.Out.Write(1); var p = {|KIT109:Process.Start(\"x\")|};")]
    [InlineData("await Console.Out.WriteLineAsync(topic);")]
    [InlineData("{|KIT110:counter|}++; var x = Topics[0] + Max; {|KIT110:Auto|} = 1; var s = string.Empty;")]
    [InlineData("{|KIT111:lock|} (this) { } {|KIT111:Monitor.Enter(this)|}; await {|KIT111:Gate.WaitAsync()|}; Gate.Release();")]
    [InlineData("var c = Channel.CreateUnbounded<int>(); c.Writer.TryWrite(1); var x = await {|KIT111:c.Reader.ReadAsync()|}; await foreach (var y in {|KIT111:c.Reader.ReadAllAsync()|}) { }")]
    [InlineData("{|KIT112:while|} (true) { Console.WriteLine(1); }")]
    [InlineData("{|KIT112:for|} (;;) { foreach (var x in Topics) break; }")]
    [InlineData("{|KIT112:do|} { topic += 1; } while (true);")]
    [InlineData("while (true) { await Step(1); } ")]
    [InlineData("while (true) { if (topic == \"\") break; topic = topic[1..]; } for (;;) { if (Now() > 3) return null; } do { } while (false);")]
    [InlineData("foreach (var pair in new Dictionary<string, int>()) { Console.WriteLine(pair); } var list = new HashSet<int> { 1 }.ToList();")]
    [InlineData("var x = await Flow.SecretAsync(\"a\", \"K\"); await Flow.CheckpointAsync(\"b\", async _ => await Flow.SecretAsync(\"a\", \"K\") + x);")]
    [InlineData("await {|KIT020:Flow.SaveAsync(\"x\", 1)|}; var x = await {|KIT020:Flow.LoadAsync<int>(Flow.NewGuid(), \"x\")|};")]
    [InlineData("var x = await Flow.CheckpointAsync(\"x\", async c => { await Task.Delay(1, c); await Flow.SaveAsync(\"x\", 1); return DateTime.Now; }); await Flow.WaitAsync<bool>(\"ok\");")]
    [InlineData("Func<CancellationToken, Task<int>> body = async c => { await Task.Delay(1, c); return 1; }; await Flow.CheckpointAsync(\"x\", body);")]
    [InlineData("await Flow.CheckpointAsync(\"x\", Body); async Task Body(CancellationToken c) => await Task.Delay(1, c);")]
    [InlineData("await Flow.CheckpointAsync(\"x\", Body); await Body(default); async Task Body(CancellationToken c) => await {|KIT104:Task.Delay(1, c)|};")]
    [InlineData("await Durable(\"x\", async c => await Task.Delay(1, c));", "", "static Task Durable(string name, Func<CancellationToken, Task> body) => Flow.CheckpointAsync(name, body);")]
    [InlineData("await Flow.CheckpointAsync(\"x\", async c => { await {|KIT019:Flow.WaitAsync<bool>()|}; });")]
    [InlineData("try { await Step(1); } catch ({|KIT021:HttpRequestException|} e) { Console.WriteLine(e); }")]
    [InlineData("try { await Step(1); } catch (CheckpointFailedException e) when (e.IsCausedBy<HttpRequestException>()) { } catch (OperationCanceledException) { } catch (Exception) { } try { int.Parse(topic); } catch (FormatException) { }")]
    [InlineData("SetMetadata(topic); Flow.SetMetadata(\"a\", 1);", "", "void SetMetadata(string s) => Flow.SetMetadata(s, 1);")]
    public async Task Body_IsToldWhatItsMarksSay(string body, string alsoOnDeclaration = "", string helpers = "")
    {
        // "await using" stands around the marked creation; marks do not nest.
        if (alsoOnDeclaration.Length > 0)
            body = $"{{|{alsoOnDeclaration}:await using var s = new FileStream(\"x\", FileMode.Open);|}}";
        string source = Frame.Replace("$BODY", body).Replace("$HELPERS", helpers);
        if (alsoOnDeclaration.Length == 0)
        {
            await Marked.CheckAsync(source);
            return;
        }

        var found = await Marked.DiagnosticsOfAsync(Compiled.AgainstFake(source.Replace($"{{|{alsoOnDeclaration}:", "").Replace("|}", "")));
        found.Select(diagnostic => diagnostic.Id).ShouldBe([alsoOnDeclaration, "KIT109"]);
    }

    [Theory]
    [InlineData("{|KIT101:Stamp()|};", "static DateTime Stamp() => DateTime.Now;", "Go -> Stamp")]
    [InlineData("{|KIT101:A()|};", "static DateTime A() => B(); static DateTime B() { if (counterless()) return A(); return DateTime.Now; bool counterless() => false; }", "Go -> A -> B")]
    [InlineData("await {|KIT104:A()|};", "static async Task A() { await Step(1); await Task.Delay(1); }", "Go -> A")]
    [InlineData("await {|KIT106:A()|};", "static async Task A() { await Step(1).ConfigureAwait(false); }", "Go -> A")]
    [InlineData("var x = {|KIT101:Clock|};", "static DateTime Clock => DateTime.Now;", "Go -> Clock")]
    [InlineData("var x = {|KIT102:new Draft()|};", "class Draft { public Guid Id { get; } = Guid.NewGuid(); }", "Go -> new Draft")]
    [InlineData("var x = {|KIT101:new Draft(1)|};", "class Draft { public Draft(int n) { At = DateTime.Now; } public DateTime At; }", "Go -> new Draft")]
    [InlineData("await {|KIT108:{body}|};", "interface I { Task Run(); }", "", "((I)null!).Run()")]
    [InlineData("await {|KIT104:{body}|};", "interface I { Task Run(); } class Impl : I { public async Task Run() => await Task.Delay(1); }", "Go -> Run", "((I)new Impl()).Run()")]
    [InlineData("await ((I)new Impl()).Run();", "interface I { Task Run(); } class Impl : I { public async Task Run() => await Step(1); }", "")]
    [InlineData("var x = Topics.Select({|KIT101:At|}).ToList();", "static int At(string s) => DateTime.Now.Day;", "Go -> At")]
    [InlineData("var x = Now();", "", "")]
    [InlineData("await Other();", "[Flow] static async Task Other() { await {|KIT104:Task.Delay(1)|}; }", "")]
    [InlineData("var x = {|KIT101:topic.Stamped()|};", "", "Go -> Stamped")]
    public async Task Helper_IsFollowed(string body, string helpers, string chain, string expression = "")
    {
        var found = await Marked.CheckAsync(
            Frame.Replace("$BODY", body.Replace("{body}", expression)).Replace("$HELPERS", helpers),
            "static class Extensions { public static string Stamped(this string s) => s + DateTime.UtcNow; }");

        if (chain.Length > 0)
            found.ShouldHaveSingleItem().GetMessage(System.Globalization.CultureInfo.InvariantCulture).ShouldContain($"flow 'go' ({chain}, File");
    }

    [Fact]
    public Task Checkpoint_MayDoAnythingButWait() => Marked.CheckAsync("""
        using Kitaru;
        static class Program
        {
            static int counter;
            [Checkpoint] static async Task<DateTime> Step()
            {
                counter++;
                await Task.Delay(1).ConfigureAwait(false);
                await {|KIT019:Flow.SleepAsync(TimeSpan.Zero)|};
                await {|KIT019:Flow.SleepUntilAsync(Flow.UtcNow)|};
                await Flow.SaveAsync("x", 1);
                return DateTime.Now;
            }
        }
        """);

    [Fact]
    public Task OrdinaryMethod_MayDoAnything() => Marked.CheckAsync("""
        static class Program { static async Task Main() { await Task.Delay(1).ConfigureAwait(false); Console.WriteLine(DateTime.Now); } }
        """);
}
