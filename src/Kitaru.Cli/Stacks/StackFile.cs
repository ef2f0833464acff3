using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using YamlDotNet.Core;

namespace Kitaru.Cli.Stacks;

/// <summary>The YAML file of <c>kitaru stack create -f</c> (platform.md 2.5).</summary>
internal static class StackFile
{
    private const int BytesMax = 256 * 1024;
    private static readonly string[] Flags = ["activate", "verify", "async"];

    /// <summary>Its values by key; empty for an empty file.</summary>
    /// <exception cref="KitaruUsageException">It cannot be read, or something in it is not known or of another type.</exception>
    public static JsonObject Read(string path, IEnumerable<string> texts)
    {
        List<string> known = ["name", .. texts, "extra", .. Flags];
        var result = new JsonObject();
        foreach (var (written, value) in Load(path))
        {
            var key = written.Replace('-', '_');
            if (!known.Contains(key))
                throw SettingsError.Unknown(path, written, known);
            var (fits, expected) = key switch
            {
                "extra" => (value is null or JsonObject, "a mapping"),
                _ when Flags.Contains(key) => (value?.GetValueKind() is null or JsonValueKind.True or JsonValueKind.False, "true or false"),
                _ => (value?.GetValueKind() is null or JsonValueKind.String, "a text"),
            };
            if (!fits)
                throw SettingsError.Of(path, written, expected, value!.GetValueKind().ToString().ToLowerInvariant(), key == "extra" ? "{orchestrator: {concurrency: 4}}" : Flags.Contains(key) ? "true" : "\"text\"");
            if (value is not null && !result.TryAdd(key, value.DeepClone()))
                throw new KitaruUsageException($"{path}: '{key}' stands there in two spellings.", "Keep one of them.");
        }
        return result;
    }

    private static JsonObject Load(string path)
    {
        try
        {
            return YamlReader.Read(SmallFile.ReadText(path, BytesMax)) switch
            {
                null => [],
                JsonObject root => root,
                _ => throw new KitaruUsageException($"{path}: expected a mapping of keys to values.", "Write for example name: local-dev."),
            };
        }
        catch (YamlException fault)
        {
            throw new KitaruUsageException($"{path}, line {fault.Start.Line}: {Texts.Short(fault.Message, 300)}", "Correct the file.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new KitaruUsageException($"'{Texts.Short(path)}' cannot be read: {fault.Message}", "Name a readable YAML file.");
        }
    }
}
