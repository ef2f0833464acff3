using Kitaru.Core;

namespace Kitaru.Server.Artifacts;

/// <summary>Bytes of a value, piece by piece. The first piece is read before anything is answered: that a value is not there is an error, not a broken answer.</summary>
internal static class ByteAnswer
{
    private const int Piece = 1024 * 1024;

    public static IResult Of(IArtifacts artifacts, StoredValue value, long offset, long count)
    {
        if (offset < 0 || count < 0)
            throw new KitaruUsageException("offset and count may not be negative.");
        return new Answer(artifacts, value, offset, count);
    }

    private sealed class Answer(IArtifacts artifacts, StoredValue value, long offset, long count) : IResult
    {
        public async Task ExecuteAsync(HttpContext context)
        {
            var (at, left, stop) = (offset, count, context.RequestAborted);
            var piece = await artifacts.ReadAsync(value, at, (int)Math.Min(Piece, left), stop);
            context.Response.ContentType = value.MediaType;
            // What a flow stored is shown as what it is, never run as a page of this server.
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers.ContentDisposition = "attachment";
            if (piece.Length < Piece)
                context.Response.ContentLength = piece.Length;
            while (piece.Length > 0)
            {
                await context.Response.Body.WriteAsync(piece, stop);
                at += piece.Length;
                left -= piece.Length;
                if (piece.Length < Piece || left <= 0)
                    return;
                piece = await artifacts.ReadAsync(value, at, (int)Math.Min(Piece, left), stop);
            }
        }
    }
}
