namespace Kitaru.Server.Artifacts;

/// <summary>Reads a large value into memory, where its hash is checked.</summary>
internal static class LargeBody
{
    /// <summary>The largest value that is taken.</summary>
    public const long BytesMax = 256 * 1024 * 1024;

    public static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is { } length)
        {
            var bytes = new byte[length];
            await request.Body.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, cancellationToken);
        return buffer.ToArray();
    }
}
