using Kitaru.ControlPlane;
using Kitaru.Core;

namespace Kitaru.Worker;

/// <summary>Whether the process that started this worker is still there; looked up once a second.</summary>
internal sealed class ParentWatch(int processId, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ProcessIdentity? _parent = ProcessIdentities.Of(processId);
    private long _lookedAt = time.GetTimestamp();
    private bool _isGone = ProcessIdentities.Of(processId) is null;

    public bool IsGone
    {
        get
        {
            lock (_gate)
            {
                if (!_isGone && time.GetElapsedTime(_lookedAt) >= Interval)
                {
                    _isGone = !ProcessIdentities.IsAlive(_parent!);
                    _lookedAt = time.GetTimestamp();
                }
                return _isGone;
            }
        }
    }
}
