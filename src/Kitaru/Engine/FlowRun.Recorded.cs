using Kitaru.Core;
using Microsoft.Extensions.Logging;

namespace Kitaru.Engine;

/// <content>
/// Time, ids and chance. None needs a record of its own: the clock is that of the latest delivered completion, the others follow
/// from the execution's seed.
/// </content>
internal sealed partial class FlowRun
{
    private Random? _random;
    private long _guids;
    private ILogger? _logger;

    public DateTimeOffset RecordedNow => _clock;

    public Random RecordedRandom => _random ??= new Random(unchecked((int)(Execution.Seed ^ (Execution.Seed >> 32))));

    public Guid NextRecordedGuid() => IdFactory.DeriveRandom(Execution.Seed, _guids++, _clock);

    public ILogger Logger => _logger ??= new ScopedLoggerProvider().CreateLogger(Execution.FlowName);
}
