namespace Kitaru.UnitTests.Generators;

/// <summary>Every way to call a checkpoint: compiled, loaded and run; the call is recorded once and its value arrives.</summary>
public sealed class CallFormTests
{
    public static TheoryData<string, string, string, string, string> Forms { get; } = new()
    {
        // name, members, expression, expected log, expected value
        { "public static Task<T>", "[Checkpoint] public static async Task<string> GatherNotesAsync(string topic) { await Task.Yield(); return topic + '!'; }", "await GatherNotesAsync(\"tea\")", "Task<> gather_notes(topic=tea)", "tea!" },
        { "private static Task<T>", "[Checkpoint] private static async Task<string> Notes(string topic) { await Task.Yield(); return topic + '!'; }", "await Notes(\"tea\")", "Task<> notes(topic=tea)", "tea!" },
        { "private static sync", "[Checkpoint] private static int Add(int a, int b) => a + b;", "Add(2, 3)", "value add(a=2, b=3)", "5" },
        { "private static Task", "[Checkpoint] private static Task Work() => Task.CompletedTask;", "Done(Work())", "Task work()", "done" },
        { "void", "[Checkpoint] internal static void Say(string s) { }", "Void(() => Say(\"x\"))", "void say(s=x)", "void" },
        { "private void", "[Checkpoint] private static void Say(string s) { }", "Void(() => Say(\"x\"))", "void say(s=x)", "void" },
        { "ValueTask<T>", "[Checkpoint] internal static ValueTask<int> Vt(int n) => new(n + 1);", "await Vt(1)", "ValueTask<> vt(n=1)", "2" },
        { "ValueTask", "[Checkpoint] internal static ValueTask Vt() => default;", "Done(Vt().AsTask())", "ValueTask vt()", "done" },
        { "default values", "[Checkpoint] internal static string D(string a, int b = 7, string? c = null) => a + b + c;", "D(\"x\")", "value d(a=x, b=7, c=null)", "x7" },
        { "named arguments out of order", "[Checkpoint] private static string D(string a, int b = 7, string? c = null) => a + b + c;", "D(c: \"z\", a: \"x\")", "value d(a=x, b=7, c=z)", "x7z" },
        { "params array", "[Checkpoint] internal static int P(params int[] ns) => ns.Sum();", "P(1, 2, 3)", "value p(ns=[1,2,3])", "6" },
        { "params array, none", "[Checkpoint] internal static int P(params int[] ns) => ns.Sum();", "P()", "value p(ns=[])", "0" },
        { "params list", "[Checkpoint] private static int P(params List<int> ns) => ns.Sum();", "P(1, 2)", "value p(ns=[1,2])", "3" },
        { "generic", "[Checkpoint] internal static T G<T>(T x) => x;", "G(4) + G(\"s\").Length", "value g(x=4); value g(x=s)", "5" },
        { "private generic with constraint", "[Checkpoint] private static async Task<T> G<T>(T x, IEnumerable<T> more) where T : IComparable<T> { await Task.Yield(); return x; }", "await G(4, new[] { 1 })", "Task<> g(x=4, more=[1])", "4" },
        { "generic, class and new()", "[Checkpoint] private static T New<T>() where T : class, new() => new T();", "New<List<int>>().Count", "value new()", "0" },
        { "generic, struct", "[Checkpoint] internal static T? Maybe<T>(T x) where T : struct => x;", "Maybe(3)!.Value", "value maybe(x=3)", "3" },
        { "generic, notnull", "[Checkpoint] private static T N<T>(T x) where T : notnull => x;", "N(\"a\")", "value n(x=a)", "a" },
        { "generic class", "internal class Box<T> { [Checkpoint] internal static T Id(T x) => x; }", "Box<int>.Id(5)", "value id(x=5)", "5" },
        { "generic method in generic class", "internal class Box<T> { [Checkpoint] internal static (T, U) Two<U>(T x, U y) => (x, y); }", "Box<int>.Two(5, \"u\")", "value two(x=5, y=u)", "(5, u)" },
        { "same type parameter names", "internal class Box<T> { internal class In<U> { [Checkpoint] internal static string Two<V>(T x, U y, V z) => $\"{x}{y}{z}\"; } }", "Box<int>.In<string>.Two(5, \"u\", 'v')", "value two(x=5, y=u, z=v)", "5uv" },
        { "private in generic class", "internal class Box<T> { [Checkpoint] private static T Id<U>(T x, U y) => x; internal static T Go(T x) => Id(x, 1); }", "Box<string>.Go(\"q\")", "value id(x=q, y=1)", "q" },
        { "private in static generic class", "static class Box<T> { [Checkpoint] private static T Id(T x) => x; internal static T Go(T x) => Id(x); }", "Box<string>.Go(\"q\")", "value id(x=q)", "q" },
        { "private instance in generic class", "internal class Box<T> { [Checkpoint] private T Id(T x) => x; internal T Go(T x) => Id(x); }", "new Box<string>().Go(\"q\")", "value id(x=q)", "q" },
        { "instance", "internal class C(int n) { [Checkpoint] internal int Add(int m) => n + m; }", "new C(1).Add(2)", "value add(m=2)", "3" },
        { "private instance", "internal class C(int n) { [Checkpoint] private async Task<int> Add(int m) { await Task.Yield(); return n + m; } internal Task<int> Go() => Add(4); }", "await new C(1).Go()", "Task<> add(m=4)", "5" },
        { "this.", "internal class C(int n) { [Checkpoint] private int Add(int m) => n + m; internal int Go() => this.Add(4); }", "new C(1).Go()", "value add(m=4)", "5" },
        { "nested private static class", "private static class In { [Checkpoint] internal static int One() => 1; }", "In.One()", "value one()", "1" },
        { "nested private generic class", "private class In<T> { [Checkpoint] internal static int One(int x) => x; }", "In<string>.One(3)", "value one(x=3)", "3" },
        { "protected virtual, overridden", "internal class B { [Checkpoint] protected virtual int V(int x) => x; internal int Go() => V(1); } internal class D : B { protected override int V(int x) => x + 10; }", "((B)new D()).Go()", "value v(x=1)", "11" },
        { "override through derived", "internal class B { [Checkpoint] internal virtual int V(int x) => x; } internal class D : B { internal override int V(int x) => x + 10; }", "new D().V(1)", "value v(x=1)", "11" },
        { "interface with attribute", "internal interface I { [Checkpoint] int F(int x); } internal class C : I { public int F(int x) => x * 2; }", "((I)new C()).F(3)", "value f(x=3)", "6" },
        { "interface with attribute, call on class", "internal interface I { [Checkpoint] int F(int x); } internal class C : I { public int F(int x) => x * 2; }", "new C().F(3)", "value f(x=3)", "6" },
        { "generic interface with attribute, call on class", "internal interface I<T> { [Checkpoint(Name = \"eff\")] T F(T x); } internal class C : I<int> { public int F(int x) => x * 2; }", "new C().F(3)", "value eff(x=3)", "6" },
        { "explicit implementation", "internal interface I { [Checkpoint] int F(int x); } internal class C : I { int I.F(int x) => x * 2; }", "((I)new C()).F(3)", "value f(x=3)", "6" },
        { "?.", "internal class C { [Checkpoint] internal string? F(int x) => \"v\" + x; internal static C? Make() => new C(); }", "C.Make()?.F(3)", "value f(x=3)", "v3" },
        { "?. on null", "internal class C { [Checkpoint] internal string? F(int x) => \"v\" + x; internal static C? Make() => null; }", "C.Make()?.F(3) ?? \"none\"", "", "none" },
        { "cancellation token", "[Checkpoint] private static string T(string a, CancellationToken cancellationToken = default) => a + cancellationToken.CanBeCanceled;", "T(\"x\")", "value t(a=x)", "xFalse" },
        { "keyword names", "[Checkpoint] internal static int @event(int @class, int ct) => @class + ct;", "@event(1, 2)", "value event(class=1, ct=2)", "3" },
        { "nullable reference types", "[Checkpoint] internal static Task<List<string?>?> N(string? a, Dictionary<string, int?>? d) => Task.FromResult<List<string?>?>([a]);", "(await N(null, null))!.Count", "Task<> n(a=null, d=null)", "1" },
        { "tuple names", "[Checkpoint] private static (int left, string right) Tup((int x, int y) p) => (p.x, \"r\");", "Tup((1, 2)).right", "value tup(p=(1, 2))", "r" },
        { "nested types as parameters", "internal enum Kind { A, B } internal record Item(Kind Kind); [Checkpoint] private static Kind K(Item i) => i.Kind;", "K(new Item(Kind.B))", "value k(i=Item { Kind = B })", "B" },
        { "in a lambda", "[Checkpoint] private static int F(int x) => x;", "((Func<int>)(() => F(1)))()", "value f(x=1)", "1" },
        { "LINQ method", "[Checkpoint] private static int F(int x) => x * 2;", "new[] { 1, 2 }.Select(x => F(x)).Sum()", "value f(x=1); value f(x=2)", "6" },
        { "LINQ query", "[Checkpoint] private static int F(int x) => x * 2;", "(from x in new[] { 1, 2 } let y = F(x) where F(y) > 4 select y).Single()", "value f(x=1); value f(x=2); value f(x=2); value f(x=4)", "4" },
        { "WhenAll", "[Checkpoint] private static Task<int> F(int x) => Task.FromResult(x);", "(await Task.WhenAll(F(1), F(2))).Sum()", "Task<> f(x=1); Task<> f(x=2)", "3" },
        { "interpolation", "[Checkpoint] private static int F(int x) => x;", "$\"<{F(1)}>\"", "value f(x=1)", "<1>" },
        { "call inside a call", "[Checkpoint] private static int F(int x) => x + 1;", "F(F(1))", "value f(x=1); value f(x=2)", "3" },
        { "expression tree", "[Checkpoint] internal static int F(int x) => x + 1;", "((System.Linq.Expressions.Expression<Func<int>>)(() => F(1))).Compile()()", "value f(x=1)", "2" },
        { "overloads", "[Checkpoint] internal static string O(object x) => \"object\"; [Checkpoint] internal static string O(string x) => \"string\"; [Checkpoint] internal static string O<T>(T[] x) => \"array\";", "O(1) + O(\"a\") + O(new[] { 2 })", "value o(x=1); value o(x=a); value o(x=[2])", "objectstringarray" },
        { "dynamic in the signature", "[Checkpoint] internal static int F(dynamic x) => (int)x;", "F((object)3)", "value f(x=3)", "3" },
        { "private in a record struct, static", "internal record struct S(int N) { [Checkpoint] private static int F(int x) => x; internal static int Go() => F(2); }", "S.Go()", "value f(x=2)", "2" },
        { "derived from a generic base", "internal class B<T> { [Checkpoint] internal T F(T x) => x; } internal class D : B<int>;", "new D().F(2)", "value f(x=2)", "2" },
        { "protected of a generic base", "internal class B<T> { [Checkpoint] protected T F(T x) => x; } internal class D : B<int> { internal int Go() => F(2); }", "new D().Go()", "value f(x=2)", "2" },
        { "nullable type parameter", "[Checkpoint] private static T? F<T>(T? x, List<T?>? y = null) => x;", "F<string>(null) ?? \"none\"", "value f(x=null, y=null)", "none" },
        { "nested generic types", "internal class A<T> { internal class B<U> { internal record R(T X, U Y); [Checkpoint] internal static R F(R r) => r; } }", "A<int>.B<char>.F(new(1, 'c')).Y", "value f(r=R { X = 1, Y = c })", "c" },
        { "in a static constructor", "internal static class S { internal static readonly int N = F(4); [Checkpoint] private static int F(int x) => x; }", "S.N", "value f(x=4)", "4" },
        { "in a default value of an iterator's item", "[Checkpoint] private static int F(int x) => x; private static IEnumerable<int> All() { for (int i = 0; i < 2; i++) yield return F(i); }", "All().Sum()", "value f(x=0); value f(x=1)", "1" },
        { "pattern and switch", "[Checkpoint] private static object F(int x) => x;", "F(3) switch { int n when (int)F(n) > 2 => n, _ => 0 }", "value f(x=3); value f(x=3)", "3" },
        { "private static of an interface", "internal interface I { [Checkpoint] private static int F(int x) => x; static int Go() => F(2); }", "I.Go()", "value f(x=2)", "2" },
        { "static method of an interface", "internal interface I { [Checkpoint] static int F(int x) => x; }", "I.F(2)", "value f(x=2)", "2" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Call_InThisForm_IsRecordedAndMade(string name, string members, string expression, string log, string value)
    {
        var run = Compiled.AgainstFake($$"""
            using Kitaru;
            namespace App;
            public class Program
            {
                {{members}}
                private static string Done(Task task) { task.Wait(); return "done"; }
                private static string Void(Action action) { action(); return "void"; }
                public static async Task<object?> Main() { await Task.Yield(); return {{expression}}; }
            }
            """).Load();

        object? result = await run.CallAsync("App.Program");

        Convert.ToString(result, System.Globalization.CultureInfo.InvariantCulture).ShouldBe(value, name);
        string.Join("; ", run.Log).ShouldBe(log, name);
    }

    [Theory]
    [InlineData("file static class F { [Checkpoint] internal static int One() => 1; internal static int Go() => One(); }", "F.Go()", "value one()")]
    [InlineData("public static class F { [Checkpoint] public static string Twice(this string s, int n = 2) => s + n; }", "\"x\".Twice()", "value twice(s=x, n=2)")]
    [InlineData("public static class F { [Checkpoint] public static string Twice(this string s, int n = 2) => s + n; }", "F.Twice(\"x\", 3)", "value twice(s=x, n=3)")]
    [InlineData("public static class F { [Checkpoint] private static string Twice(this string s) => s + s; public static string Go() => \"x\".Twice(); }", "F.Go()", "value twice(s=x)")]
    [InlineData("public static class F { [Checkpoint] internal static T Same<T>(this T s) => s; }", "1.Same()", "value same(s=1)")]
    [InlineData("public abstract class B { [Checkpoint] public abstract int F(); } public class D : B { public override int F() => 3; }", "((B)new D()).F()", "value f()")]
    public async Task Call_OfMethodInNamespace_IsRecorded(string type, string expression, string log)
    {
        var run = Compiled.AgainstFake($$"""
            using Kitaru;
            namespace App;
            {{type}}
            public static class Program { public static object Main() => {{expression}}; }
            """).Load();

        await run.CallAsync("App.Program");

        string.Join("; ", run.Log).ShouldBe(log);
    }

    [Fact]
    public async Task Call_FromTopLevelStatements_IsRecorded()
    {
        var run = Compiled.AgainstFake("""
            // top-level
            using Kitaru;
            Console.Write(await C.F("x"));
            static class C { [Checkpoint] internal static Task<string> F(string s) => Task.FromResult(s); }
            """).Load();

        await run.CallAsync("Program", "<Main>$");

        run.Log.ShouldBe(["Task<> f(s=x)"]);
    }

    [Fact]
    public async Task Call_OfReferencedAssembly_IsRecorded()
    {
        var library = Compiled.AgainstFake("""
            namespace Lib;
            public static class Steps { [Kitaru.Checkpoint] public static int Twice(int n) => 2 * n; }
            """);
        library.Complaints().ShouldBeEmpty();

        var byImage = Compiled.AgainstFake([MetadataReferenceOf(library)], "static class Program { static int Main() => Lib.Steps.Twice(4); }");
        var byProject = Compiled.AgainstFake([library.Output.ToMetadataReference()], "static class Program { static int Main() => Lib.Steps.Twice(4); }");

        byImage.File("Interceptors.g.cs").ShouldNotBeNull().ShouldContain("\"twice\"");
        byProject.File("Interceptors.g.cs").ShouldNotBeNull().ShouldContain("\"twice\"");
        byImage.Complaints().ShouldBeEmpty();
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Call_WithToken_GetsTheTokenOfTheRecordedCall()
    {
        var run = Compiled.AgainstFake("""
            using Kitaru;
            public static class Program
            {
                [Checkpoint] private static bool F(int a, CancellationToken cancellationToken, string b) => cancellationToken.CanBeCanceled;
                public static bool Main() => F(1, CancellationToken.None, "b");
            }
            """).Load();
        using var source = new CancellationTokenSource();
        run.Token = source.Token;

        (await run.CallAsync()).ShouldBe(true);

        run.Log.ShouldBe(["value f(a=1, b=b)"]);
    }

    [Fact]
    public async Task Definition_CarriesWhatTheAttributeSays()
    {
        var run = Compiled.AgainstFake("""
            using Kitaru;
            public static class Program
            {
                [Checkpoint(Name = "call \"it\"", Retries = 2, BackoffSeconds = 0.5, BackoffFactor = 3, MaxBackoffSeconds = 9, Type = "llm_call", TimeoutSeconds = 1e-3, Cache = true)]
                private static void F() { }
                [Checkpoint] private static void G() { }
                public static void Main() { F(); G(); }
            }
            """).Load();

        await run.CallAsync();

        run.Definitions[0].ToString().ShouldBe("CheckpointDefinition { Name = call \"it\", Retries = 2, BackoffSeconds = 0.5, BackoffFactor = 3, MaxBackoffSeconds = 9, Type = llm_call, TimeoutSeconds = 0.001, Cache = True, Method = Program.F(), Parameters = System.String[] }");
        run.Definitions[1].ToString().ShouldBe("CheckpointDefinition { Name = g, Retries = 0, BackoffSeconds = 1, BackoffFactor = 2, MaxBackoffSeconds = 60, Type = , TimeoutSeconds = 0, Cache = , Method = Program.G(), Parameters = System.String[] }");
    }

    private static Microsoft.CodeAnalysis.PortableExecutableReference MetadataReferenceOf(Compiled compiled) =>
        Microsoft.CodeAnalysis.MetadataReference.CreateFromImage(Compiled.Emit(compiled.Output));
}
