using System.Text.Json.Nodes;
using Kitaru.Mcp.Schemas;

namespace Kitaru.Mcp.Secrets;

/// <summary>What is said of a secret.</summary>
internal static class SecretShapes
{
    public static (string Key, JsonObject Schema)[] Summary() =>
    [
        ("id", Shape.Text("The secret's id.")),
        ("name", Shape.Text("Its name, by which flows and images refer to it.")),
        ("visibility", Shape.Words("private: only its owner may read it. public: every user of the same server.", ["private", "public"])),
        ("keys", Shape.List("The keys it has values for, sorted.", Shape.Text("A key: the name of an environment variable."))),
        ("keys_known", Shape.Flag("Whether keys is complete.")),
        ("has_missing_values", Shape.Flag("Whether it has a key whose value you may not use.")),
    ];
}
