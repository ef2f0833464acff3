using System.Text;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.Secrets;

/// <summary>Knows certain secrets' values and replaces them by <c>***</c> in whatever is to be recorded or printed.</summary>
internal sealed class SecretMask
{
    private readonly IReadOnlyDictionary<string, string> _values;
    private readonly TextMask _text;
    private readonly Lazy<TextMask> _bytes;

    private SecretMask(IReadOnlyDictionary<string, string> values, IReadOnlyList<(string Text, string Owner)> spellings)
    {
        _values = values;
        _text = new TextMask(spellings);
        _bytes = new Lazy<TextMask>(() => new TextMask(spellings.Select(spelling => (Latin(Encoding.UTF8.GetBytes(spelling.Text)), spelling.Owner))));
    }

    /// <summary>The most bytes an occurrence can have.</summary>
    public int LongestBytes => _bytes.Value.LongestChars;

    /// <summary>The mask that knows this secret too; the same one when it does already, null when there is nothing to mask.</summary>
    public static SecretMask? Plus(SecretMask? mask, Secret secret)
    {
        var added = secret.Values.Values.Where(value => value.Length >= SecretSpellings.ValueCharsMin && mask?._values.ContainsKey(value) != true).ToList();
        if (added.Count == 0)
            return mask;
        var values = new Dictionary<string, string>(mask?._values ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        foreach (var value in added)
            values[value] = secret.Name;
        return new SecretMask(values, [.. values.SelectMany(pair => SecretSpellings.Of(pair.Key).Select(text => (text, pair.Value)))]);
    }

    /// <summary>The same instance when nothing was found.</summary>
    /// <param name="text">What is to be shown.</param>
    /// <param name="owners">Takes the names of the secrets whose values were found.</param>
    public string Apply(string text, ISet<string>? owners = null) => _text.Apply(text, owners);

    /// <summary>A value before it is stored, its bytes at hand; JSON stays JSON.</summary>
    public StoredValue Apply(StoredValue value, ISet<string>? owners = null)
    {
        if (value.Inline is not { } bytes)
            return value;
        var masked = value.MediaType switch
        {
            StoredValue.Json => JsonMask.Apply(_text, bytes, owners),
            StoredValue.Text => OfText(bytes, owners),
            _ => Apply(bytes, owners),
        };
        return ReferenceEquals(masked, bytes) ? value : StoredValue.Of(value.MediaType, value.TypeName, masked);
    }

    public byte[] ApplyToJson(byte[] utf8) => JsonMask.Apply(_text, utf8, owners: null);

    public T? Apply<T>(T? node, ISet<string>? owners = null)
        where T : JsonNode
    {
        if (node is null)
            return null;
        var bytes = KitaruJson.WriteBytes(node);
        var masked = JsonMask.Apply(_text, bytes, owners);
        return ReferenceEquals(masked, bytes) ? node : (T)KitaruJson.Parse(masked)!;
    }

    /// <summary>Bytes that may be text in part; the same instance when nothing was found.</summary>
    public byte[] Apply(byte[] bytes, ISet<string>? owners = null)
    {
        var text = Latin(bytes);
        var masked = _bytes.Value.Apply(text, owners);
        return ReferenceEquals(text, masked) ? bytes : Encoding.Latin1.GetBytes(masked);
    }

    /// <summary>How many of the bytes may be taken from a stream without cutting an occurrence in two, when more may follow.</summary>
    public int CutBefore(byte[] bytes) => _bytes.Value.CutBefore(Latin(bytes), Math.Max(0, bytes.Length - LongestBytes));

    private byte[] OfText(byte[] bytes, ISet<string>? owners)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var masked = _text.Apply(text, owners);
        return ReferenceEquals(text, masked) ? bytes : Encoding.UTF8.GetBytes(masked);
    }

    /// <summary>One character for each byte, whatever it is.</summary>
    private static string Latin(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
