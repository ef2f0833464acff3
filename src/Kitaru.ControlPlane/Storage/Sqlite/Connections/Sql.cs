namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>One whole statement. Its identity, not its text, is the key of the cache of prepared statements.</summary>
internal sealed class Sql(string text)
{
    public string Text { get; } = text;
}
