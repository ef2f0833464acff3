using System.Globalization;
using System.Text;

namespace Kitaru.Generators.Manifest;

/// <summary>Writes JSON on one line. A generator has no System.Text.Json, and needs no more than this.</summary>
internal sealed class JsonText
{
    private readonly StringBuilder _text = new();
    private bool _first = true;

    public JsonText BeginObject() => Open('{');

    public JsonText EndObject() => Close('}');

    public JsonText BeginArray() => Open('[');

    public JsonText EndArray() => Close(']');

    public JsonText Item()
    {
        if (!_first)
            _text.Append(',');
        _first = false;
        return this;
    }

    public JsonText Property(string name)
    {
        Item().Quoted(name);
        _text.Append(':');
        return this;
    }

    public JsonText String(string? value)
    {
        if (value is null)
            _text.Append("null");
        else
            Quoted(value);
        return this;
    }

    public JsonText Raw(string json)
    {
        _text.Append(json);
        return this;
    }

    public override string ToString() => _text.ToString();

    private JsonText Open(char bracket)
    {
        _text.Append(bracket);
        _first = true;
        return this;
    }

    private JsonText Close(char bracket)
    {
        _text.Append(bracket);
        _first = false;
        return this;
    }

    private void Quoted(string value)
    {
        _text.Append('"');
        foreach (char c in value)
        {
            if (c is '"' or '\\')
                _text.Append('\\').Append(c);
            else if (c < ' ' || c is '\u0085' or '\u2028' or '\u2029' || char.IsSurrogate(c))
                _text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else
                _text.Append(c);
        }

        _text.Append('"');
    }
}
