using System.Globalization;
using System.Text;

namespace Kitaru.Client.Http;

/// <summary>Puts an address together; what is null is left out.</summary>
internal sealed class Query(string path)
{
    private readonly StringBuilder _text = new(path);
    private char _next = '?';

    public Query Add(string name, string? value)
    {
        if (value is null)
            return this;
        _text.Append(_next).Append(name).Append('=').Append(Uri.EscapeDataString(value));
        _next = '&';
        return this;
    }

    public Query Add(string name, IEnumerable<string> values)
    {
        foreach (var value in values)
            Add(name, value);
        return this;
    }

    public Query Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public Query Add(string name, bool value) => value ? Add(name, "true") : this;

    public Query Add(string name, DateTimeOffset? value) => Add(name, value?.ToString("O", CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();

    public static implicit operator string(Query query) => query.ToString();
}
