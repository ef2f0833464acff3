using System.Text.Json;

namespace Kitaru.Core.Http;

/// <summary>Headers of the HTTP interface.</summary>
internal static class WireHeaders
{
    /// <summary>The project, by name or id, percent-encoded.</summary>
    public const string Project = "Kitaru-Project";

    /// <summary>The execution a worker makes the request for; what belongs to a run is given to its holder only.</summary>
    public const string Execution = "Kitaru-Execution";

    /// <summary>The member of a refusal's details that has the execution in it which the worker does not hold.</summary>
    public const string NotHeld = "not_held";

    /// <summary>A caller's own key: the same request again is answered with the first answer.</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>Says that the answer is that of an earlier request.</summary>
    public const string Replayed = "Idempotency-Replayed";

    /// <summary>An <see cref="IdempotentRequest"/> whose change this request may be a part of.</summary>
    public const string Under = "Kitaru-Under";

    /// <summary>Whether the change was made, and the key with it.</summary>
    public const string KeyClaimed = "Kitaru-Key-Claimed";

    /// <summary>The request as a header's value.</summary>
    public static string Write(IdempotentRequest request) =>
        Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(request, WireJson.Strict));

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="KitaruUsageException">It is something else.</exception>
    public static IdempotentRequest ReadRequest(string value)
    {
        try
        {
            var request = JsonSerializer.Deserialize<IdempotentRequest>(Convert.FromBase64String(value), WireJson.Strict);
            if (request is { Key: not null, Operation: not null, Hash: not null })
            {
                IdempotentRequest.CheckKey(request.Key);
                return request;
            }
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            // Answered below.
        }
        throw new KitaruUsageException($"The header {Under} is not one that a Kitaru client writes.", $"Use {IdempotencyKey} with a text of your own.");
    }

    /// <summary>Text that a header may hold.</summary>
    public static string Escape(string text) => Uri.EscapeDataString(text);

    /// <summary>Reads what <see cref="Escape"/> wrote.</summary>
    public static string Unescape(string value) => Uri.UnescapeDataString(value);

}
