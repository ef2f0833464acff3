using Kitaru.Core.Http;

namespace Kitaru.Client.Http;

/// <summary>
/// Waits for changes: one request waits at the server for all waiters here. The server's mark is its own affair; when another instance answers, it does not know the
/// mark and says so by answering at once.
/// </summary>
/// <param name="calls">To the server.</param>
/// <param name="work">Of what workers may act on only.</param>
internal sealed class HttpChanges(HttpCalls calls, bool work)
{
    /// <summary>The server answers after 25 s at the latest.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly Lock _lock = new();
    private Task _poll = Task.CompletedTask;
    private string? _mark;
    private long _number;

    public async Task<long> WaitAsync(long seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task poll;
            lock (_lock)
            {
                if (_number > seen)
                    return _number;
                if (_poll.IsCompleted)
                    _poll = PollAsync(_mark);
                poll = _poll;
            }
            await poll.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Nobody's cancellation ends it: others may wait for it too.</summary>
    private async Task PollAsync(string? mark)
    {
        await Task.Yield();
        var change = await calls.GetAsync<ChangeBody>(new Query("changes").Add("after", mark).Add("work", work ? "true" : null), CancellationToken.None, Patience).ConfigureAwait(false);
        lock (_lock)
        {
            if (change.Mark == _mark)
                return;
            _mark = change.Mark;
            _number++;
        }
    }
}
