using System.Globalization;
using System.Text.Json.Nodes;
using Kitaru.Core;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Kitaru.Cli.Stacks;

/// <summary>YAML as JSON, by the rules of YAML's core schema. References are refused: a few lines of them can stand for more than fits anywhere.</summary>
internal static class YamlReader
{
    private const int DepthMax = 32;

    /// <summary>The value of a text; null when there is nothing in it.</summary>
    /// <exception cref="YamlException">It is not YAML of this kind.</exception>
    public static JsonNode? Read(string text)
    {
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
            return null;
        parser.Consume<DocumentStart>();
        var value = Value(parser, 0);
        parser.Consume<DocumentEnd>();
        return parser.Accept<StreamEnd>(out var end) ? value : throw new YamlException(parser.Current?.Start ?? end!.Start, parser.Current?.End ?? end!.End, "more than one document");
    }

    private static JsonNode? Value(Parser parser, int depth)
    {
        if (depth > DepthMax)
            throw Fault(parser, $"nested more than {DepthMax} deep");
        if (parser.TryConsume<Scalar>(out var scalar))
            return scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty ? Plain(scalar.Value) : JsonValue.Create(scalar.Value);
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
                items.Add(Value(parser, depth + 1));
            return items;
        }
        if (!parser.TryConsume<MappingStart>(out _))
            throw Fault(parser, "references (& and *) are not taken here");
        var members = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key) || (key.Style == ScalarStyle.Plain && Plain(key.Value)?.GetValueKind() != System.Text.Json.JsonValueKind.String))
                throw Fault(parser, "a key must be a text");
            if (!members.TryAdd(key.Value, Value(parser, depth + 1)))
                throw new YamlException(key.Start, key.End, $"the key '{Texts.Short(key.Value, 80)}' stands there twice");
        }
        return members;
    }

    private static JsonNode? Plain(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "true" or "True" or "TRUE":
                return JsonValue.Create(true);
            case "false" or "False" or "FALSE":
                return JsonValue.Create(false);
        }
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return JsonValue.Create(whole);
        return text.Any(char.IsAsciiDigit) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? JsonValue.Create(number) : JsonValue.Create(text);
    }

    private static YamlException Fault(Parser parser, string message) => new(parser.Current?.Start ?? Mark.Empty, parser.Current?.End ?? Mark.Empty, message);
}
