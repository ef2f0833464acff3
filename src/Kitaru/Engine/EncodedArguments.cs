using Kitaru.Core;

namespace Kitaru.Engine;

/// <summary>A call's arguments as they are recorded.</summary>
/// <param name="Fingerprint">Keyed by the execution; a re-run is checked against it.</param>
/// <param name="Recorded">The arguments themselves when they are small.</param>
/// <param name="CacheKey">The same for equal arguments in every execution of the same code; null when the result is not reused.</param>
internal readonly record struct EncodedArguments(byte[] Fingerprint, StoredValue? Recorded, byte[]? CacheKey);
