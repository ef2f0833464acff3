using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Core;

/// <summary>Options of a stack's components (platform.md 2.4). Those of the local stack are known; a cloud's are checked by what runs there.</summary>
internal static class StackExtra
{
    public const string Orchestrator = "orchestrator";
    private const string Synchronous = "synchronous";
    private const string Example = """{"orchestrator": {"concurrency": 4}}""";
    private const int ConcurrencyMax = 256;
    private const int IdleSecondsMax = 24 * 60 * 60;
    private const int CharsMax = 64 * 1024;

    private static readonly string[] Targets = [Orchestrator, "artifact_store", "container_registry"];
    private static readonly string[] LocalOptions = ["concurrency", "idle_seconds", "environment"];

    /// <summary>A checked copy; empty when nothing was given.</summary>
    public static JsonObject Check(JsonObject? extra, string type, bool isAsync)
    {
        // As if it had come over the wire: a program's numbers are of the type they were made with.
        var result = extra is null ? [] : (JsonObject)KitaruJson.Parse(KitaruJson.Write(extra))!;
        if (KitaruJson.Write(result).Length > CharsMax)
            throw SettingsError.Of("extra", "", $"at most {CharsMax} characters of JSON", $"{KitaruJson.Write(result).Length}", Example);
        foreach (var (target, options) in result)
        {
            if (!Targets.Contains(target, StringComparer.Ordinal))
                throw SettingsError.Unknown("extra", target, Targets);
            if (options is not JsonObject given)
                throw SettingsError.Of("extra", target, "an object of options", JsonShape.Describe(options), Example);
            CheckNames(given, target);
            if (type == StackRecord.LocalType)
                CheckLocal(target, given);
            else if (target == Orchestrator && given.TryGetPropertyValue(Synchronous, out var flag) && flag?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
                throw SettingsError.Of("extra", $"{target}.{Synchronous}", "true or false", JsonShape.Describe(flag), "false");
        }
        if (isAsync)
        {
            if (result[Orchestrator] is not JsonObject orchestrator)
                result[Orchestrator] = orchestrator = [];
            orchestrator.TryAdd(Synchronous, false);
        }
        return result;
    }

    private static void CheckNames(JsonObject options, string path)
    {
        foreach (var (name, value) in options)
        {
            if (string.IsNullOrWhiteSpace(name))
                throw SettingsError.Of("extra", path, "names that are not blank", "a blank one", Example);
            if (value is JsonObject inner)
                CheckNames(inner, $"{path}.{Texts.Short(name, 80)}");
        }
    }

    private static void CheckLocal(string target, JsonObject options)
    {
        if (target == "container_registry")
            throw SettingsError.Of("extra", target, "orchestrator or artifact_store", "container_registry: a local stack has no container registry", Example);
        var known = target == Orchestrator ? LocalOptions : [];
        foreach (var (name, value) in options.ToList())
        {
            var path = $"{target}.{name}";
            switch (target, name)
            {
                case (Orchestrator, "concurrency"):
                    options[name] = Whole(value, path, 1, ConcurrencyMax);
                    break;
                case (Orchestrator, "idle_seconds"):
                    if (value?.GetValueKind() != JsonValueKind.Number || JsonShape.Number(value).Near is not (>= 0 and <= IdleSecondsMax))
                        throw SettingsError.Of("extra", path, $"a number of seconds from 0 to {IdleSecondsMax}", JsonShape.Describe(value), "60");
                    break;
                case (Orchestrator, "environment"):
                    _ = EnvironmentVariables.Parse(value, "extra", path);
                    break;
                default:
                    throw known.Length == 0
                        ? SettingsError.Of("extra", path, "no option: the artifact store of a local stack has none", $"'{Texts.Short(name, 80)}'", Example)
                        : SettingsError.Unknown("extra", path, known);
            }
        }
    }

    private static int Whole(JsonNode? value, string path, int least, int most)
    {
        var number = JsonShape.Is(value, "integer") ? JsonShape.Number(value!).Near : double.NaN;
        return number >= least && number <= most
            ? (int)number
            : throw SettingsError.Of("extra", path, $"a whole number from {least} to {most}", JsonShape.Describe(value), "4");
    }
}
