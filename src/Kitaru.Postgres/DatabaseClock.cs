namespace Kitaru.Postgres;

/// <summary>
/// The database's present: asked for now and then, and carried on from there by this machine's monotonic clock. All servers of one database agree on it,
/// whatever their own clocks say. It never goes back.
/// </summary>
internal sealed class DatabaseClock : TimeProvider
{
    private readonly Lock _lock = new();
    private DateTimeOffset _sampled;
    private long _sampledAt;
    private DateTimeOffset _latest;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            var now = _sampled + GetElapsedTime(_sampledAt);
            if (now > _latest)
                _latest = now;
            return _latest;
        }
    }

    /// <summary>What the database said, between asking and hearing.</summary>
    public void Set(DateTimeOffset said, long askedAt, long heardAt)
    {
        lock (_lock)
        {
            _sampled = said + GetElapsedTime(askedAt, heardAt) / 2;
            _sampledAt = heardAt;
        }
    }
}
