using System.Text;
using System.Xml;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kitaru.Generators.Manifest;

/// <summary>
/// The XML doc of a declaration, read from its source: without <c>GenerateDocumentationFile</c> the compiler keeps doc comments
/// as plain comments, and a bare flow file never has that option.
/// </summary>
internal sealed class DocComment
{
    private static readonly XmlReaderSettings Settings = new()
    {
        ConformanceLevel = ConformanceLevel.Fragment,
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
    };

    private readonly Dictionary<string, string> _parameters = new(StringComparer.Ordinal);

    public string? Summary { get; private set; }

    public string? Parameter(string name) => _parameters.TryGetValue(name, out string? text) ? text : null;

    public static DocComment Of(ISymbol symbol, CancellationToken cancellationToken)
    {
        var doc = new DocComment();
        foreach (var reference in symbol.DeclaringSyntaxReferences)
            doc.Read(TextBefore(reference.GetSyntax(cancellationToken)));
        return doc;
    }

    private static string TextBefore(SyntaxNode declaration)
    {
        var text = new StringBuilder();
        foreach (var trivia in declaration.GetLeadingTrivia())
        {
            var kind = trivia.Kind();
            if (kind is SyntaxKind.WhitespaceTrivia or SyntaxKind.EndOfLineTrivia)
                continue;
            foreach (string line in trivia.ToFullString().Split('\n'))
            {
                string content = line.Trim();
                if (content.StartsWith("///", StringComparison.Ordinal))
                    text.Append(content, 3, content.Length - 3).Append('\n');
                else if (content.StartsWith("/**", StringComparison.Ordinal) || (content.StartsWith("*", StringComparison.Ordinal) && text.Length > 0))
                    text.Append(content.TrimStart('/', '*').Replace("*/", "")).Append('\n');
            }
        }

        return text.ToString();
    }

    private void Read(string xml)
    {
        if (xml.IndexOf('<') < 0)
            return;
        try
        {
            using var reader = XmlReader.Create(new StringReader(xml), Settings);
            while (reader.Read())
            {
                if (reader.NodeType != XmlNodeType.Element)
                    continue;
                if (reader.Name == "summary")
                    Summary ??= FirstParagraph(reader);
                else if (reader.Name == "param" && reader.GetAttribute("name") is { } name && !_parameters.ContainsKey(name) && FirstParagraph(reader) is { } text)
                    _parameters.Add(name, text);
            }
        }
        catch (XmlException)
        {
            // A malformed comment describes nothing; the compiler warns of it where docs are generated.
        }
    }

    private static string? FirstParagraph(XmlReader reader)
    {
        var text = new StringBuilder();
        using var inner = reader.ReadSubtree();
        inner.Read();
        bool ended = false;
        while (inner.Read())
        {
            ended |= text.Length > 0 && inner.Name == "para" && !string.IsNullOrWhiteSpace(text.ToString());
            if (!ended)
                text.Append(TextOf(inner));
        }

        string result = string.Join(" ", text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return result.Length == 0 ? null : result;
    }

    private static string TextOf(XmlReader reader) => reader.NodeType switch
    {
        XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace => reader.Value,
        XmlNodeType.Element when reader.IsEmptyElement => reader.GetAttribute("name") ?? reader.GetAttribute("langword") ??
            reader.GetAttribute("href") ?? LastName(reader.GetAttribute("cref")) ?? " ",
        _ => "",
    };

    private static string? LastName(string? cref) =>
        cref is null ? null : cref.Split('(', '{')[0] is var name && name.LastIndexOf('.') is >= 0 and var dot ? name.Substring(dot + 1) : cref;
}
