using System.Text;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kitaru.Client.Stacks;

/// <summary>
/// A settings file in YAML that others write too. YAML is read by the library; a value is changed in the text itself, so that other keys,
/// their order and comments stay as they are.
/// </summary>
internal sealed class ConfigFile(string path)
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
    public void Write(string key, string? value)
    {
        var text = Load() ?? "";
        var root = Parse(text);
        string changed;
        if (root is not null && ScalarOf(root, key) is { } scalar)
            changed = $"{text[..(int)scalar.Start.Index]}{(NeedsBlank(text, (int)scalar.Start.Index) ? " " : "")}{value ?? "null"}{text[(int)scalar.End.Index..]}";
        else if (value is null)
            return;
        else if (root is { Style: YamlDotNet.Core.Events.MappingStyle.Flow })
            changed = $"{text[..((int)root.Start.Index + 1)]}{key}: {value}{(root.Children.Count > 0 ? ", " : "")}{text[((int)root.Start.Index + 1)..]}";
        else
            changed = text + (text.Length == 0 || text.EndsWith('\n') ? "" : "\n") + $"{key}: {value}\n";
        // A layout this does not know must not cost anybody his settings.
        if (Parse(changed) is not { } after || ScalarOf(after, key)?.Value != (value ?? "null") || after.Children.Count < (root?.Children.Count ?? 0))
            throw Bad($"'{key}' cannot be changed in it safely", $"Write the line {key}: {value ?? "null"} into it by hand.");
        Replace(changed);
    }

    private static bool NeedsBlank(string text, int at) => at > 0 && text[at - 1] == ':';

    private YamlScalarNode? ScalarOf(YamlMappingNode root, string key)
    {
        if (!root.Children.TryGetValue(new YamlScalarNode(key), out var node))
            return null;
        return node as YamlScalarNode ?? throw Bad($"'{key}' must be a text; it is a {node.NodeType.ToString().ToLowerInvariant()}", $"Correct '{key}' in the file, or remove it.");
    }

    private YamlMappingNode? Parse(string text)
    {
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            return yaml.Documents switch
            {
                [] => null,
                [{ RootNode: YamlMappingNode root }] => root,
                [{ RootNode: YamlScalarNode { Value: "" or null } }] => null,
                _ => throw Bad("it must be one mapping of keys to values", "Correct the file, or move it away."),
            };
        }
        catch (YamlException fault)
        {
            throw Bad($"it is not YAML (line {fault.Start.Line}: {Texts.Short(fault.Message, 200)})", "Correct the file, or move it away.");
        }
    }

    private string? Load()
    {
        try
        {
            if (!File.Exists(path))
                return null;
            return new FileInfo(path).Length <= BytesMax ? File.ReadAllText(path) : throw Bad($"it has more than {BytesMax} bytes", "Move it away.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Bad($"it cannot be read: {fault.Message}", "Make it readable for this user.");
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
