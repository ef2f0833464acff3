using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Kitaru.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Kitaru.UnitTests.Generators;

/// <summary>Compiles sources in memory together with what the generator makes of them.</summary>
internal sealed record Compiled(CSharpCompilation Input, CSharpCompilation Output, GeneratorDriver Driver)
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    public static readonly CSharpParseOptions Options = new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.None)
        .WithFeatures([new("InterceptorsNamespaces", "Kitaru.Generated")]);

    private static readonly ImmutableArray<MetadataReference> Framework =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var file && (file.StartsWith("System.", StringComparison.Ordinal) || file is "netstandard.dll" or "mscorlib.dll" or "Microsoft.CSharp.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly Lazy<byte[]> FakeImage = new(() => Emit(Create("Kitaru", [], FakeKitaru.Source)));

    /// <summary>Against the fake library, to be loaded and run.</summary>
    public static Compiled AgainstFake(params string[] sources) =>
        Generate(Create("Flows", [MetadataReference.CreateFromImage(FakeImage.Value)], sources));

    public static Compiled AgainstFake(IEnumerable<MetadataReference> references, params string[] sources) =>
        Generate(Create("Flows", [MetadataReference.CreateFromImage(FakeImage.Value), .. references], sources));

    public static CSharpCompilation Create(string assembly, IEnumerable<MetadataReference> references, params string[] sources) =>
        CSharpCompilation.Create(
            assembly,
            sources.Prepend(Usings).Select((source, i) => CSharpSyntaxTree.ParseText(source, Options, $"/src/File{i}.cs", System.Text.Encoding.UTF8)),
            [.. Framework, .. references],
            new CSharpCompilationOptions(
                sources.Any(source => source.Contains("// top-level", StringComparison.Ordinal)) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable,
                allowUnsafe: true));

    public static Compiled Generate(CSharpCompilation input)
    {
        var driver = CSharpGeneratorDriver.Create(
            [new KitaruGenerator().AsSourceGenerator()],
            parseOptions: Options,
            driverOptions: new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        return Run(driver, input);
    }

    /// <summary>The next run of the same driver, after an edit.</summary>
    public Compiled Again(CSharpCompilation changed) => Run(Driver, changed);

    public string? File(string name) => Driver.GetRunResult().GeneratedTrees.FirstOrDefault(tree => tree.FilePath.EndsWith(name, StringComparison.Ordinal))?.ToString();

    /// <summary>What the compiler says of the whole, generated files included.</summary>
    public ImmutableArray<Diagnostic> Complaints() => [.. Output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)];

    public FakeRun Load()
    {
        var complaints = Complaints();
        if (!complaints.IsEmpty)
            throw new InvalidOperationException(string.Join("\n", complaints) + "\n" + File("Interceptors.g.cs"));
        return new(FakeImage.Value, Emit(Output));
    }

    public static byte[] Emit(CSharpCompilation compilation)
    {
        using var image = new MemoryStream();
        var result = compilation.Emit(image, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.Embedded));
        return result.Success ? image.ToArray() : throw new InvalidOperationException(string.Join("\n", result.Diagnostics));
    }

    private static Compiled Run(GeneratorDriver driver, CSharpCompilation input)
    {
        driver = driver.RunGeneratorsAndUpdateCompilation(input, out var output, out var diagnostics);
        diagnostics.ShouldBeEmpty();
        return new(input, (CSharpCompilation)output, driver);
    }
}

/// <summary>A loaded assembly with the fake library's log.</summary>
internal sealed class FakeRun
{
    private readonly Assembly _assembly;
    private readonly Type _calls;

    public FakeRun(byte[] library, byte[] image)
    {
        var context = new AssemblyLoadContext("fake", isCollectible: true);
        var kitaru = context.LoadFromStream(new MemoryStream(library));
        context.Resolving += (_, name) => name.Name == "Kitaru" ? kitaru : null;
        _assembly = context.LoadFromStream(new MemoryStream(image));
        _calls = kitaru.GetType("Kitaru.Runtime.CheckpointCalls", throwOnError: true)!;
    }

    public IReadOnlyList<string> Log => (List<string>)_calls.GetProperty("Log")!.GetValue(null)!;

    public IReadOnlyList<object> Definitions => [.. ((System.Collections.IEnumerable)_calls.GetProperty("Definitions")!.GetValue(null)!).Cast<object>()];

    public CancellationToken Token
    {
        set => _calls.GetProperty("Token")!.SetValue(null, value);
    }

    /// <summary>Calls a static method without parameters and waits for it.</summary>
    public async Task<object?> CallAsync(string type = "Program", string method = "Main")
    {
        var target = _assembly.GetType(type, throwOnError: true)!.GetMethod(method, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        object? result = target.Invoke(null, target.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
        if (result is not Task task)
            return result;
        await task;
        return task.GetType().GetProperty("Result")?.GetValue(task);
    }
}
