namespace Kitaru.ControlPlane.Targets;

/// <summary>
/// A project, or a C# file with <c>#:</c> directives, through <c>dotnet build</c> into a folder of our own. An injected targets file
/// reports what went in, so that the next time an unchanged target starts no process.
/// </summary>
internal sealed class MsBuild(
    string path, SourceFile? source, string description, WorkerFiles worker, DotnetInstallation dotnet, TimeProvider time) : TargetBuild
{
    private readonly string _sdk = dotnet.RequireSdk();

    public override string Kind => source is null ? "project" : "file";

    public override string TargetPath => path;

    public override string Description => description;

    public override string? Fingerprint(BuildRecord? last) =>
        last?.Snapshot is null ? null : BuildInputs.Fingerprint(last.Projects, last.Inputs, [_sdk, worker.Key]);

    public override async Task<BuildOutput> RunAsync(BuildRecord? last, string workFolder, CancellationToken cancellationToken)
    {
        var isProgram = last?.IsProgram ?? false;
        var startedAt = time.GetUtcNow();
        var (result, folder) = await BuildAsync(isProgram, workFolder, cancellationToken).ConfigureAwait(false);
        if (source is not null && result.ExitCode != 0 && BuildDiagnostics.HasError(result.Output, isProgram ? "CS5001" : "CS8805"))
        {
            isProgram = !isProgram;
            (result, folder) = await BuildAsync(isProgram, workFolder, cancellationToken).ConfigureAwait(false);
        }
        if (result.ExitCode != 0)
            throw BuildDiagnostics.Failed(path, result);
        var (projects, inputs) = BuildInputs.Read(InputsFolder(workFolder), path, source is not null, dotnet.Root);
        var changedMeanwhile = BuildInputs.AnyChangedSince(startedAt, projects, inputs);
        return new BuildOutput(folder, IsOwned: true, new BuildRecord
        {
            Fingerprint = changedMeanwhile ? null : BuildInputs.Fingerprint(projects, inputs, [_sdk, worker.Key]),
            IsProgram = isProgram,
            Projects = projects,
            Inputs = inputs,
        });
    }

    private async Task<(ToolResult Result, string Folder)> BuildAsync(bool isProgram, string workFolder, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(workFolder, isProgram ? "out-exe" : "out");
        var inputs = InputsFolder(workFolder);
        if (Directory.Exists(inputs))
            Directory.Delete(inputs, recursive: true);
        Directory.CreateDirectory(inputs);
        List<string> arguments =
        [
            "build", path, "-o", folder, "-nologo", "-v:q", "-tl:off", "-clp:NoSummary",
            Property("UseSharedCompilation", "false"),
            Property("EnableDynamicLoading", "true"),
            Property("PublishAot", "false"),
            Property("UseAppHost", "false"),
            Property("GenerateFullPaths", "true"),
            Property("CustomAfterMicrosoftCommonTargets", worker.BuildTargets),
            Property("KitaruInputsFolder", inputs),
        ];
        // A file with this switch would be read as a project.
        if (source is null)
            arguments.Add("-nodeReuse:false");
        if (source is null && ProjectFile.ChooseFramework(path) is { } framework)
            arguments.AddRange(["-f", framework]);
        if (source is not null)
        {
            arguments.Add(Property("KitaruWorkerFolder", worker.Folder));
            arguments.Add(Property("OutputType", isProgram ? "Exe" : "Library"));
        }
        var result = await new ToolProcess(time)
            .RunAsync(dotnet.Host, arguments, Path.GetDirectoryName(path)!, cancellationToken).ConfigureAwait(false);
        return (result, folder);
    }

    private static string InputsFolder(string workFolder) => Path.Combine(workFolder, "inputs");

    private static string Property(string name, string value) => $"-p:{name}=" + value
        .Replace("%", "%25", StringComparison.Ordinal).Replace(";", "%3B", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
