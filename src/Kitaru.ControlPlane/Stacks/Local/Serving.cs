namespace Kitaru.ControlPlane.Stacks.Local;

/// <summary>How it goes with the workers of one kind.</summary>
internal sealed class Serving
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(1);

    /// <summary>The start that is under way.</summary>
    public Task Starting { get; set; } = Task.CompletedTask;

    /// <summary>No worker is started before.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>Starts that failed, and workers that crashed without work, in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>Counts a failure; the next try is made twice as late as the last one.</summary>
    public void Failed(DateTimeOffset now)
    {
        Failures++;
        NotBefore = now + Backoff;
    }

    /// <summary>A worker came to its end in good order, or died over its work.</summary>
    public void Succeeded() => Failures = 0;

    public TimeSpan Backoff
    {
        get
        {
            var wait = FirstBackoff * Math.Pow(2, Math.Clamp(Failures - 1, 0, 20));
            return wait < LongestBackoff ? wait : LongestBackoff;
        }
    }
}
