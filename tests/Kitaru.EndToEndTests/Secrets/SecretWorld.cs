using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Secrets;

/// <summary>Starts flows in an environment with secrets, and looks for their values wherever they may have got to.</summary>
internal sealed class SecretWorld(Home home) : IAsyncDisposable
{
    private StoreControlPlane? _plane;

    public async Task<StoreControlPlane> OpenAsync() => _plane ??= await EmbeddedControlPlane.OpenAsync(new EmbeddedOptions { Directory = home.Directories });

    /// <summary>Stores an execution of the flow in Flows/Secretive.cs whose environment names these secrets.</summary>
    public async Task<string> StartAsync(string flow, JsonObject inputs, params string[] secrets)
    {
        var plane = await OpenAsync();
        var file = home.AddFlow("Secretive.cs");
        var built = await new TargetBuilder(home.Directories, plane.Snapshots).BuildAsync($"{file}:{flow}", home.Root);
        var record = await plane.Executions.CreateAsync(new NewExecution
        {
            Id = new ExecutionId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow())),
            FlowName = built.Flow.Name,
            Snapshot = built.Snapshot,
            Target = $"{file}:{flow}",
            Source = built.Source,
            Inputs = StoredValue.Of(StoredValue.Json, "inputs", Encoding.UTF8.GetBytes(inputs.ToJsonString())),
            Environment = new WorkerEnvironment { Secrets = secrets },
        });
        return record.Id.ToString();
    }

    /// <summary>Fails with the names of files that have any spelling of one of the values in them.</summary>
    public void ShouldHoldNoneOf(params string[] values)
    {
        var files = Directory.EnumerateFiles(home.Config, "*", SearchOption.AllDirectories).ToList();
        files.ShouldNotBeEmpty();
        foreach (var path in files)
        {
            var content = Read(path);
            foreach (var spelling in values.SelectMany(Spellings))
                content.ShouldNotContain(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(spelling)), Case.Sensitive, path);
        }
    }

    public static void ShouldShowNoneOf(string text, params string[] values)
    {
        foreach (var spelling in values.SelectMany(Spellings))
            text.ShouldNotContain(spelling, Case.Sensitive);
    }

    public async ValueTask DisposeAsync()
    {
        if (_plane is not null)
            await _plane.DisposeAsync();
    }

    private static IEnumerable<string> Spellings(string value) =>
    [
        value, JavaScriptEncoder.Default.Encode(value), JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value), Uri.EscapeDataString(value), WebUtility.UrlEncode(value),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(value)),
    ];

    private static string Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            file.CopyTo(copy);
            return Encoding.Latin1.GetString(copy.ToArray());
        }
        catch (FileNotFoundException)
        {
            // A worker that ended took its files with it.
            return "";
        }
        catch (IOException) when (path.EndsWith(".lock", StringComparison.Ordinal))
        {
            // Locked by another process, and always empty.
            return "";
        }
    }
}
