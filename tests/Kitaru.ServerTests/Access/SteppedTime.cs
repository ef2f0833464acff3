namespace Kitaru.ServerTests.Access;

/// <summary>The real clock, moved on by hand; its timers are real.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    public override long GetTimestamp() => System.GetTimestamp() + (Interlocked.Read(ref _ahead) * System.TimestampFrequency / TimeSpan.TicksPerSecond);

    public void Step(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);
}
