using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Kitaru.Core.Json;
using Kitaru.Core.Wire;

namespace Kitaru.Mcp.Audit;

/// <summary>
/// The file with one line of JSON for each change that was made through MCP, <c>audit.jsonl</c> in the config directory. Several processes write to it, one at a time; a full one is put aside
/// under its time, and none is ever deleted here.
/// </summary>
internal static class AuditFile
{
    public const string Name = "audit.jsonl";

    private const long BytesMax = 64 * 1024 * 1024;
    private const int TriesMax = 500;
    // EWOULDBLOCK of Linux and macOS; a sharing violation of Windows.
    private static readonly int[] Busy = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static async Task AppendAsync(ConfigDirectory directory, JsonObject entry, TimeProvider time, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory.Root);
        var path = Path.Combine(directory.Root, Name);
        byte[] line = [.. KitaruJson.WriteBytes(entry), (byte)'\n'];
        for (var tries = 1; ; tries++)
        {
            try
            {
                await WriteAsync(path, line, time, cancellationToken);
                return;
            }
            catch (IOException fault) when (tries < TriesMax && Busy.Contains(fault.HResult))
            {
                // Another process is writing its line.
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private static async Task WriteAsync(string path, byte[] line, TimeProvider time, CancellationToken cancellationToken)
    {
        // Whoever has it open has it alone: where it ends is known only then.
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        long bytes;
        await using (var file = new FileStream(path, options))
        {
            await file.WriteAsync(line, cancellationToken);
            bytes = file.Length;
        }
        if (bytes >= BytesMax)
            File.Move(path, $"{path[..^".jsonl".Length]}-{WireTime.Text(time.GetUtcNow()).Replace(":", "", StringComparison.Ordinal)}.jsonl", overwrite: false);
    }
}
