namespace Kitaru.UnitTests.Generators;

/// <summary>What cannot be recorded is refused where it is written.</summary>
public sealed class AuthoringRuleTests
{
    [Theory]
    [InlineData("KIT002, delegate", "[Checkpoint] static int F(int x) => x; static object M() => new[] { 1 }.Select({|KIT002:F|}).Sum();")]
    [InlineData("KIT002, private method in a variable", "[Checkpoint] private static int F() => 1; static object M() { Func<int> f = {|KIT002:F|}; return f(); }")]
    [InlineData("KIT002, event", "[Checkpoint] static void F(object? s, EventArgs e) { } static event EventHandler? E; static void M() { E += {|KIT002:F|}; E?.Invoke(null, EventArgs.Empty); }")]
    [InlineData("KIT002, function pointer", "[Checkpoint] static void F() { } static unsafe void M() { delegate*<void> f = &{|KIT002:F|}; f(); }")]
    [InlineData("nameof is fine", "[Checkpoint] static void F() { } static string M() => nameof(F);")]
    [InlineData("method group as checkpoint body is fine", "[Checkpoint] static Task<int> F(CancellationToken c) => Task.FromResult(1); static Task<int> M() => Flow.CheckpointAsync(\"f\", F);")]
    [InlineData("KIT003, argument", "[Checkpoint] static int F(int x) => x; static object M(dynamic d) => {|KIT003:F(d)|};")]
    [InlineData("KIT003, receiver", "internal class C { [Checkpoint] internal int F(int x) => x; } static object M(dynamic d) => {|KIT003:d.F(1)|};")]
    [InlineData("dynamic elsewhere is fine", "[Checkpoint] static int F(int x) => x; static object M(dynamic d) => d.Other(1);")]
    [InlineData("KIT004, interface", "internal interface I { int F(); } internal class C : I { [Checkpoint] public int F() => 1; } static int M(I i) => {|KIT004:i.F()|};")]
    [InlineData("KIT004, base", "internal class B { internal virtual int F() => 0; } internal class C : B { [Checkpoint] internal override int F() => 1; } static int M(B b) => {|KIT004:b.F()|};")]
    [InlineData("interface elsewhere is fine", "internal interface I { int F(); } internal class C : I { public int F() => 1; } static int M(I i) => i.F();")]
    [InlineData("KIT005", "internal class B { [Checkpoint] internal virtual int F() => 0; } internal class C : B { internal override int F() => {|KIT005:base.F()|}; }")]
    [InlineData("KIT006, declaration", "internal struct S { [Checkpoint] internal int {|KIT006:F|}() => 0; } static int M(S s) => {|KIT006:s.F()|};")]
    [InlineData("KIT006, through interface", "internal interface I { [Checkpoint] int F(); } internal struct S : I { public int F() => 0; } static int M(S s) => {|KIT006:s.F()|};")]
    [InlineData("KIT006, type parameter", "internal interface I { [Checkpoint] int F(); } static int M<T>(T t) where T : I => {|KIT006:t.F()|};")]
    [InlineData("class type parameter is fine", "internal interface I { [Checkpoint] int F(); } static int M<T>(T t) where T : class, I => t.F();")]
    [InlineData("KIT007, ref", "[Checkpoint] static void {|KIT007:F|}(ref int x) { } static void M() { int x = 1; F(ref x); }")]
    [InlineData("KIT007, out", "[Checkpoint] static void {|KIT007:F|}(out int x) => x = 1; static void M() { F(out _); }")]
    [InlineData("KIT007, in", "[Checkpoint] static void {|KIT007:F|}(in int x) { } static void M() { F(1); }")]
    [InlineData("KIT007, span", "[Checkpoint] static void {|KIT007:F|}(ReadOnlySpan<char> x) { } static void M() { F(\"x\"); }")]
    [InlineData("KIT007, params span", "[Checkpoint] static void {|KIT007:F|}(params ReadOnlySpan<int> x) { } static void M() { F(1, 2); }")]
    [InlineData("KIT007, pointer", "[Checkpoint] static unsafe void {|KIT007:F|}(int* x) { }")]
    [InlineData("KIT007, ref return", "static int field; [Checkpoint] static ref int {|KIT007:F|}() => ref field; static void M() { F() = 1; }")]
    [InlineData("KIT008, parameter", "private record R; [Checkpoint] static void {|KIT008:F|}(R r) { } static void M() { F(new()); }")]
    [InlineData("KIT008, result", "private record R; [Checkpoint] private static Task<List<R>> {|KIT008:F|}() => null!; static void M() { F(); }")]
    [InlineData("KIT008, receiver", "private class C { [Checkpoint] internal void {|KIT008:F|}() { } } static void M() { new C().F(); }")]
    [InlineData("KIT010, async stream", "[Checkpoint] static async IAsyncEnumerable<int> {|KIT010:F|}() { await Task.Yield(); yield return 1; } static object M() => F();")]
    [InlineData("KIT010, iterator", "[Checkpoint] static IEnumerable<int> {|KIT010:F|}() { yield return 1; } static object M() => F();")]
    [InlineData("KIT010, flow", "[Flow] static IAsyncEnumerable<int> {|KIT010:F|}() => null!;")]
    [InlineData("a list as IEnumerable is fine", "[Checkpoint] static IEnumerable<int> F() { return [1]; } static object M() => F();")]
    [InlineData("KIT011, checkpoint", "[Checkpoint] static async void {|KIT011:F|}() => await Task.Yield();")]
    [InlineData("KIT011, flow", "[Flow] static async void {|KIT011:F|}() => await Task.Yield();")]
    [InlineData("KIT012, method", "[Flow] static void {|KIT012:F|}<T>() { }")]
    [InlineData("KIT012, type", "internal class G<T> { [Flow] internal static void {|KIT012:F|}() { } }")]
    [InlineData("KIT013", "[Flow] static void Go() { } [Flow(Name = \"go\")] static void {|KIT013:Other|}() { } [Flow] static void {|KIT013:GoAsync|}() { }")]
    [InlineData("KIT014, retries", "[{|KIT014:Checkpoint(Retries = -1)|}] static void F() { }")]
    [InlineData("KIT014, flow", "[{|KIT014:Flow(Retries = -1)|}] static void F() { }")]
    [InlineData("KIT014, timeout", "[{|KIT014:Checkpoint(TimeoutSeconds = -0.5)|}] static void F() { }")]
    [InlineData("KIT014, not a number", "[{|KIT014:Checkpoint(BackoffSeconds = double.NaN)|}] static void F() { }")]
    [InlineData("KIT015", "[Flow] static void F(int {|KIT015:retries|}, string {|KIT015:Stack|}, string other) { }")]
    [InlineData("KIT016, delegate", "[Flow] static void F(Func<int> {|KIT016:f|}) { }")]
    [InlineData("KIT016, stream", "[Flow] static void F(FileStream {|KIT016:f|}) { }")]
    [InlineData("KIT016, inside", "internal class D { public List<Stream?> Files { get; set; } = []; } [Flow] static void F(D {|KIT016:f|}) { }")]
    [InlineData("KIT016, interface", "internal interface I; [Flow] static void F(I {|KIT016:f|}) { }")]
    [InlineData("KIT016, two dimensions", "[Flow] static void F(int[,] {|KIT016:f|}) { }")]
    [InlineData("data is fine", "internal record D(int A, D? Next, (int, string) T, Dictionary<string, List<Uri>> M); [Flow] static D F(D d, IReadOnlyList<D> l, CancellationToken c = default) => d;")]
    [InlineData("KIT017, stream", "[Checkpoint] static Stream {|KIT017:F|}() => null!;")]
    [InlineData("KIT017, queryable", "[Checkpoint] static Task<IQueryable<int>> {|KIT017:F|}() => null!;")]
    [InlineData("KIT017, response", "[Checkpoint] static Task<HttpResponseMessage> {|KIT017:F|}() => null!;")]
    [InlineData("KIT017, delegate in a tuple", "[Checkpoint] static (int, Action) {|KIT017:F|}() => default;")]
    [InlineData("KIT017, flow", "[Flow] static Task<Task<int>> {|KIT017:F|}() => null!;")]
    [InlineData("KIT018", "[{|KIT018:Checkpoint(Name = \"a b\")|}] static void F() { } [{|KIT018:Flow(Name = \"a::b\")|}] static void G() { }")]
    [InlineData("KIT022", "[Flow, Checkpoint] static void {|KIT022:F|}() { }")]
    [InlineData("KIT023", "internal class C { [Checkpoint] internal int F(int x) => x; } static int M() => {|KIT023:(new C().F)(1)|};")]
    [InlineData("many parameters for checkpoints are fine", "[Checkpoint] static int F(HttpClient c, Func<int> f, Stream s) => 1; static int M() => F(null!, null!, null!);")]
    public async Task Source_IsToldWhatItsMarksSay(string name, string members)
    {
        name.ShouldNotBeEmpty();
        await Marked.CheckAsync($$"""
            using Kitaru;
            public static class Program
            {
                {{members}}
            }
            """);
    }

    [Fact]
    public Task LocalFunction_IsRefused() => Marked.CheckAsync("""
        // top-level
        using Kitaru;
        Go();
        await Step();
        [Flow] static void {|KIT001:Go|}() { }
        [Checkpoint] static Task {|KIT001:Step|}() => Task.CompletedTask;
        """);

    [Fact]
    public Task ExtensionMember_IsRefused() => Marked.CheckAsync("""
        using Kitaru;
        static class C
        {
            extension(string s) { [Checkpoint] public int {|KIT009:F|}() => 1; }
            static int M() => "x".F();
        }
        """);

    [Fact]
    public Task StaticAbstractMember_IsRefused() => Marked.CheckAsync("""
        using Kitaru;
        interface I { [Checkpoint] static abstract int {|KIT009:F|}(); }
        class C : I { public static int F() => 1; }
        static class P { static int M<T>() where T : I => T.F(); }
        """);

    [Fact]
    public Task FileLocalReceiver_IsRefused() => Marked.CheckAsync("""
        using Kitaru;
        file class C { [Checkpoint] public int {|KIT008:F|}() => 1; public int M() => F(); }
        """);

    [Fact]
    public Task PartialMethod_IsLookedAtOnce() => Marked.CheckAsync(
        "using Kitaru; partial class C { [Flow] internal partial void {|KIT012:F|}<T>(); }",
        "partial class C { internal partial void F<T>() { var x = {|KIT101:DateTime.Now|}; } }");

    [Fact]
    public async Task Project_WithoutKitaru_IsLeftAlone() =>
        (await Marked.DiagnosticsOfAsync(Compiled.Generate(Compiled.Create("Plain", [], "class Checkpoint : Attribute; class C { [Checkpoint] async void M() { } }")))).ShouldBeEmpty();
}
