using System.Security.Cryptography;
using System.Text;

namespace Kitaru.ControlPlane.Targets;

/// <summary>
/// A C# file that names no package: the SDK's compiler directly, through its server, which ends by itself. A copy is compiled, so that
/// what was hashed is what is built and no file name can be taken for an option; positions and traces carry the real path.
/// </summary>
internal sealed class SourceBuild(SourceFile source, WorkerFiles worker, DotnetInstallation dotnet, TimeProvider time) : TargetBuild
{
    private const string OptionsVersion = "1";
    private const int ServerSeconds = 300;

    private static readonly string[] ImplicitUsings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    private readonly string _sdk = dotnet.RequireSdk();

    public override string Kind => "source";

    public override string TargetPath => source.FullPath;

    public override string Description => $"compiling {source.FullPath}";

    public override string Fingerprint(BuildRecord? last)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{OptionsVersion}\n{source.FullPath}\n{_sdk}\n{dotnet.FrameworkReferences()}\n{worker.Key}\n"));
        hash.AppendData(source.Content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public override async Task<BuildOutput> RunAsync(BuildRecord? last, string workFolder, CancellationToken cancellationToken)
    {
        var isProgram = last?.IsProgram ?? false;
        var (result, folder) = await CompileAsync(isProgram, workFolder, cancellationToken).ConfigureAwait(false);
        // The compiler itself says whether there are top-level statements; the record spares asking twice the next time.
        if (result.ExitCode != 0 && BuildDiagnostics.HasError(result.Output, isProgram ? "CS5001" : "CS8805"))
        {
            isProgram = !isProgram;
            (result, folder) = await CompileAsync(isProgram, workFolder, cancellationToken).ConfigureAwait(false);
        }
        if (result.ExitCode != 0)
            throw BuildDiagnostics.Failed(source.FullPath, result, WithRealPath);
        return new BuildOutput(folder, IsOwned: true, new BuildRecord { Fingerprint = Fingerprint(last), IsProgram = isProgram });
    }

    private string WithRealPath(string line) =>
        line.StartsWith(CopyName, StringComparison.Ordinal) ? source.FullPath + line[CopyName.Length..] : line;

    private string CopyName => AssemblyName + ".cs";

    private string AssemblyName => SourceFile.AssemblyNameFor(source.FullPath, References.Select(file => Path.GetFileNameWithoutExtension(file)));

    private IEnumerable<string> References => Directory.GetFiles(dotnet.FrameworkReferences(), "*.dll")
        .Where(file => Path.GetFileName(file) is var name && (name.StartsWith("System", StringComparison.Ordinal)
            || name is "mscorlib.dll" or "netstandard.dll" or "WindowsBase.dll" || name.StartsWith("Microsoft.", StringComparison.Ordinal))
            && !name.Contains(".Native", StringComparison.Ordinal) && !name.StartsWith("Microsoft.DiaSymReader", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal).Concat(worker.References);

    private async Task<(ToolResult Result, string Folder)> CompileAsync(bool isProgram, string workFolder, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(workFolder, "out");
        Directory.CreateDirectory(folder);
        var name = AssemblyName;
        await File.WriteAllBytesAsync(Path.Combine(workFolder, CopyName), source.Content, cancellationToken).ConfigureAwait(false);
        await File.WriteAllLinesAsync(
            Path.Combine(workFolder, "usings.g.cs"), ImplicitUsings.Select(name => $"global using {name};"), cancellationToken).ConfigureAwait(false);
        await File.WriteAllLinesAsync(Path.Combine(workFolder, "options.rsp"), Options(isProgram, name), cancellationToken).ConfigureAwait(false);
        string[] arguments =
        [
            "exec", DotnetInstallation.Compiler(_sdk), $"-shared:{ServerName}", $"-keepalive:{ServerSeconds}", "-noconfig", "@options.rsp",
            $"-pathmap:{Escape(workFolder)}={Escape(Path.GetDirectoryName(source.FullPath)!)}",
            CopyName, "usings.g.cs",
        ];
        var result = await new ToolProcess(time).RunAsync(dotnet.Host, arguments, workFolder, cancellationToken).ConfigureAwait(false);
        return (result, folder);
    }

    private IEnumerable<string> Options(bool isProgram, string name)
    {
        yield return "-nologo -nostdlib+ -nullable:enable -langversion:14 -debug:portable -deterministic+ -utf8output";
        yield return $"-target:{(isProgram ? "exe" : "library")}";
        yield return "-preferreduilang:en-US -features:FileBasedProgram -features:InterceptorsNamespaces=Kitaru.Generated";
        yield return $"-define:{string.Join(';', Symbols())}";
        // A generator that is skipped or fails would leave calls unrecorded.
        yield return "-warnaserror+:CS9057,CS8032,CS8784,CS8785";
        yield return "-nowarn:1701,1702";
        yield return $"-out:\"out/{name}.dll\"";
        // Comments are read for the flows' descriptions; the file itself is not kept, and their faults are nobody's business.
        yield return "-doc:doc.xml -nowarn:1570,1571,1572,1573,1574,1580,1581,1584,1587,1589,1590,1591,1592,1711,1712,1734";
        foreach (var reference in References)
            yield return $"-r:\"{reference}\"";
        foreach (var analyzer in worker.Analyzers.Concat(GeneratorsFor(source)))
            yield return $"-a:\"{analyzer}\"";
    }

    /// <summary>Loading them all would cost as much as the rest of a cold start, so a file gets those it asks for.</summary>
    private IEnumerable<string> GeneratorsFor(SourceFile file)
    {
        var wanted = new List<string>();
        if (file.Mentions("GeneratedRegex"))
            wanted.Add("System.Text.RegularExpressions.Generator.dll");
        if (file.Mentions("JsonSerializable"))
            wanted.Add("System.Text.Json.SourceGeneration.dll");
        if (file.Mentions("LibraryImport"))
            wanted.AddRange(["Microsoft.Interop.LibraryImportGenerator.dll", "Microsoft.Interop.SourceGeneration.dll"]);
        if (file.Mentions("LoggerMessage"))
            wanted.Add("Microsoft.Extensions.Logging.Generators.dll");
        if (wanted.Count == 0)
            return [];
        string[] frameworks = ["Microsoft.NETCore.App", "Microsoft.AspNetCore.App"];
        return frameworks.SelectMany(dotnet.FrameworkGenerators).Where(path => wanted.Contains(Path.GetFileName(path)));
    }

    private static IEnumerable<string> Symbols()
    {
        var major = Environment.Version.Major;
        var orGreater = Enumerable.Range(5, major - 4).Select(version => $"NET{version}_0_OR_GREATER");
        return ["DEBUG", "TRACE", "NET", "NETCOREAPP", $"NET{major}_0", .. orGreater];
    }

    /// <summary>A server of our own: the one that IDEs and builds share keeps its own life time.</summary>
    private string ServerName =>
        "kitaru-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.UserName}\n{_sdk}")))[..16];

    private static string Escape(string path) => path.Replace("=", "==", StringComparison.Ordinal).Replace(",", ",,", StringComparison.Ordinal);
}
