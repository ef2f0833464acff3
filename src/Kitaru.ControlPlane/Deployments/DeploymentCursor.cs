using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>Where the next page starts, opaque to clients: version and flow of the last deployment.</summary>
internal static class DeploymentCursor
{
    private const int CharsMax = 1024;

    public static string Of(DeploymentRecord last) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.Version}:{last.Flow}")));

    public static DeploymentStart? Parse(string? cursor)
    {
        if (cursor is null)
            return null;
        var text = Decode(cursor);
        return text is not null && text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
            && int.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new DeploymentStart(text[(colon + 1)..], version)
            : throw new KitaruUsageException(
                $"'{Texts.Short(cursor, 80)}' is not a cursor of this list.", "Pass next_cursor of the page before as it was, or leave cursor out.");
    }

    private static string? Decode(string cursor)
    {
        try
        {
            return cursor.Length <= CharsMax ? new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Base64Url.DecodeFromChars(cursor)) : null;
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            return null;
        }
    }
}
