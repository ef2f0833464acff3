using System.Security.Cryptography;
using Kitaru.Engine;

namespace Kitaru;

/// <content>Time, ids and chance that every later run sees again.</content>
public static partial class Flow
{
    /// <summary>
    /// The time: in a flow body that of the latest completion it has seen, the same on every run; elsewhere the clock's.
    /// </summary>
    public static DateTimeOffset UtcNow => FlowScope.FlowBody?.RecordedNow ?? (FlowScope.Run?.Time ?? TimeProvider.System).GetUtcNow();

    /// <summary>A random number generator: in a flow body the same numbers on every run.</summary>
    public static Random Random => FlowScope.FlowBody?.RecordedRandom ?? new Random(RandomNumberGenerator.GetInt32(int.MaxValue));

    /// <summary>A new UUIDv7: in a flow body the same on every run.</summary>
    public static Guid NewGuid() =>
        FlowScope.FlowBody?.NextRecordedGuid() ?? Guid.CreateVersion7((FlowScope.Run?.Time ?? TimeProvider.System).GetUtcNow());
}
