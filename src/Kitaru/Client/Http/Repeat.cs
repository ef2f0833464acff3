namespace Kitaru.Client.Http;

/// <summary>Whether a request may be sent again when nobody knows what became of it.</summary>
internal enum Repeat
{
    /// <summary>It changes nothing, or a second time nothing more.</summary>
    Safe,

    /// <summary>A second one would do more or answer otherwise: it goes with a key, and the server answers it once.</summary>
    Keyed,

    /// <summary>A second one would do more, and that the first may be lost is provided for. It is sent again only when it certainly did not arrive.</summary>
    Never,
}
