using System.Security.Cryptography;
using System.Text;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Kitaru.Client.Stacks;

/// <summary>
/// A settings file in YAML that others write too. YAML is read by the library; a value is changed in the text itself, so that other keys,
/// their order and comments stay as they are.
/// </summary>
internal sealed class ConfigFile(string path, ConfigDirectory config)
{
    private const int BytesMax = 256 * 1024;

    public string Path => path;

    /// <summary>The text under a key of the root; null when the file or the key is not there, or the key is empty.</summary>
    /// <exception cref="KitaruUsageException">It cannot be read, or is no mapping.</exception>
    public string? Read(string key)
    {
        if (Load() is not { } text || Parse(text) is not { } root || ScalarOf(root, key) is not { } scalar)
            return null;
        return scalar.Value is { Length: > 0 } value && !(scalar.Style == ScalarStyle.Plain && value is "null" or "~") ? value : null;
    }

    /// <summary>Puts a plain text under a key of the root; null empties it. The file is replaced as a whole.</summary>
    /// <exception cref="KitaruUsageException">It cannot be read or written, or is no mapping.</exception>
    public async Task WriteAsync(string key, string? value, TimeProvider time, CancellationToken cancellationToken)
    {
        // From reading to replacing: another process that changes it meanwhile would be undone.
        using var held = await LockAsync(time, cancellationToken).ConfigureAwait(false);
        var text = Load() ?? "";
        var root = Parse(text);
        string changed;
        if (root is not null && ScalarOf(root, key) is { } scalar)
            changed = $"{text[..(int)scalar.Start.Index]}{(NeedsBlank(text, (int)scalar.Start.Index) ? " " : "")}{value ?? "null"}{text[(int)scalar.End.Index..]}";
        else if (value is null)
            return;
        else if (root is { IsFlow: true })
            changed = $"{text[..(root.Start + 1)]}{key}: {value}{(root.Values.Count > 0 ? ", " : "")}{text[(root.Start + 1)..]}";
        else
            changed = text + (text.Length == 0 || text.EndsWith('\n') ? "" : "\n") + $"{key}: {value}\n";
        // A layout this does not know must not cost anybody his settings.
        if (Parse(changed) is not { } after || ScalarOf(after, key)?.Value != (value ?? "null") || after.Values.Count < (root?.Values.Count ?? 0))
            throw Bad($"'{key}' cannot be changed in it safely", $"Write the line {key}: {value ?? "null"} into it by hand.");
        Replace(changed);
    }

    private static bool NeedsBlank(string text, int at) => at > 0 && text[at - 1] == ':';

    private Scalar? ScalarOf(ConfigRoot root, string key)
    {
        if (!root.Values.TryGetValue(key, out var value))
            return null;
        return value as Scalar ?? throw Bad(
            $"'{key}' must be a text; it is a {value switch { MappingStart => "mapping", SequenceStart => "sequence", _ => "reference" }}", $"Correct '{key}' in the file, or remove it.");
    }

    private ConfigRoot? Parse(string text)
    {
        try
        {
            return ConfigRoot.Parse(text);
        }
        catch (YamlException fault)
        {
            throw Bad($"it is not YAML of this kind (line {fault.Start.Line}: {Texts.Short(fault.Message, 200)})", "Correct the file, or move it away.");
        }
    }

    private string? Load()
    {
        try
        {
            return File.Exists(path) ? SmallFile.ReadText(path, BytesMax) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Bad($"it cannot be read: {fault.Message}", "Correct the file so that this user can read it, or move it away.");
        }
    }

    private async Task<FileLock> LockAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(System.IO.Path.GetFullPath(path))).AsSpan(0, 16));
        try
        {
            ConfigDirectory.Ensure(config.Locks);
            return await FileLock.AcquireAsync(System.IO.Path.Combine(config.Locks, $"{name}.lock"), time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Bad($"it cannot be locked: {fault.Message}", $"Make {config.Locks} writable for this user.");
        }
    }

    private void Replace(string text)
    {
        var folder = System.IO.Path.GetDirectoryName(path)!;
        var temporary = $"{path}.{System.IO.Path.GetRandomFileName()}";
        try
        {
            ConfigDirectory.Ensure(folder);
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }
            if (!OperatingSystem.IsWindows() && File.Exists(path))
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(path));
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw Bad($"it cannot be written: {fault.Message}", "Make it and its folder writable for this user.");
        }
    }

    private KitaruUsageException Bad(string why, string next) => new($"The settings file {path} cannot be used: {why}.", next)
    {
        Details = new() { ["argument"] = path },
    };
}
