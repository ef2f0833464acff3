using Microsoft.AspNetCore.Http.Metadata;

namespace Kitaru.Server.Requests;

/// <summary>How much an endpoint takes; without it, what the server takes in general.</summary>
internal sealed record BodyLimit(long Bytes) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => Bytes;
}
