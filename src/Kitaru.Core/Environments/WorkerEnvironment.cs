using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Core;

/// <summary>The id of an environment: empty for the plain one, else a hash of what is in it.</summary>
public readonly record struct EnvironmentId(string Value)
{
    /// <summary>The environment nothing was asked of.</summary>
    public static readonly EnvironmentId Plain = new("");

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>
/// What a worker's process is given besides code: a worker runs one snapshot in one environment. Of secrets only names stand in it.
/// </summary>
public sealed record WorkerEnvironment
{
    /// <summary>Nothing but the defaults of the built-in stack.</summary>
    public static readonly WorkerEnvironment Plain = new();

    /// <summary>The stack.</summary>
    public string Stack { get; init; } = StackRecord.DefaultName;

    /// <summary>How many executions a worker runs at once; null for the installation's default.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Seconds a worker stays without work; null for the installation's default.</summary>
    public double? IdleSeconds { get; init; }

    /// <summary>Environment variables.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of secrets each of whose keys becomes an environment variable; later ones win.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Its id: the same content has the same id everywhere.</summary>
    public EnvironmentId Id()
    {
        var json = ToJson();
        return json.Count == 0 ? EnvironmentId.Plain : new EnvironmentId(Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Bytes(json)))[..32]);
    }

    /// <summary>What of it is not the default.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (Stack != StackRecord.DefaultName)
            json["stack"] = Stack;
        if (Concurrency is { } concurrency)
            json["concurrency"] = concurrency;
        if (IdleSeconds is { } seconds)
            json["idle_seconds"] = seconds;
        if (Variables.Count > 0)
            json["variables"] = new JsonObject(Variables.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        if (Secrets.Count > 0)
            json["secrets"] = new JsonArray([.. Secrets.Select(name => (JsonNode)name)]);
        return json;
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static WorkerEnvironment FromJson(JsonObject json) => new()
    {
        Stack = json["stack"]?.GetValue<string>() ?? StackRecord.DefaultName,
        Concurrency = json["concurrency"]?.GetValue<int>(),
        IdleSeconds = json["idle_seconds"]?.GetValue<double>(),
        Variables = json["variables"] is JsonObject variables
            ? variables.ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>(), StringComparer.Ordinal)
            : new Dictionary<string, string>(),
        Secrets = json["secrets"] is JsonArray secrets ? [.. secrets.Select(name => name!.GetValue<string>())] : [],
    };
}
