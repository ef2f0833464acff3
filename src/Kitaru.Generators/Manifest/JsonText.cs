using System.Globalization;
using System.Text;

namespace Kitaru.Generators.Manifest;

/// <summary>Writes JSON on one line. A generator has no System.Text.Json, and needs no more than this.</summary>
internal sealed class JsonText
{
    private readonly StringBuilder text = new();
    private bool first = true;

    public JsonText BeginObject() => Open('{');

    public JsonText EndObject() => Close('}');

    public JsonText BeginArray() => Open('[');

    public JsonText EndArray() => Close(']');

    public JsonText Item()
    {
        if (!first)
            text.Append(',');
        first = false;
        return this;
    }

    public JsonText Property(string name)
    {
        Item().Quoted(name);
        text.Append(':');
        return this;
    }

    public JsonText String(string? value)
    {
        if (value is null)
            text.Append("null");
        else
            Quoted(value);
        return this;
    }

    public JsonText Raw(string json)
    {
        text.Append(json);
        return this;
    }

    public override string ToString() => text.ToString();

    private JsonText Open(char bracket)
    {
        text.Append(bracket);
        first = true;
        return this;
    }

    private JsonText Close(char bracket)
    {
        text.Append(bracket);
        first = false;
        return this;
    }

    private void Quoted(string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            if (c is '"' or '\\')
                text.Append('\\').Append(c);
            else if (c < ' ' || c is '\u0085' or '\u2028' or '\u2029' || char.IsSurrogate(c))
                text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else
                text.Append(c);
        }

        text.Append('"');
    }
}
