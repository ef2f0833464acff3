using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Connection;

/// <summary>One answer, kept for calls that come at the same time: making it takes a dozen looks at the disk. A change that is made through a tool is seen by the very next call.</summary>
internal sealed class BriefAnswer
{
    /// <summary>Less than anybody needs to change a setting and ask what it is.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMilliseconds(2);

    private Made? _made;
    private int _changes;

    public async Task<ToolAnswer> GetAsync(Func<Task<ToolAnswer>> makeAsync)
    {
        var (changes, now) = (Volatile.Read(ref _changes), TimeProvider.System.GetTimestamp());
        if (Volatile.Read(ref _made) is { } made && made.Changes == changes && TimeProvider.System.GetElapsedTime(made.At, now) < Kept)
            return made.Answer;
        var answer = await makeAsync();
        answer.Share();
        Volatile.Write(ref _made, new Made(answer, changes, now));
        return answer;
    }

    /// <summary>Something was changed.</summary>
    public void Forget() => Interlocked.Increment(ref _changes);

    private sealed record Made(ToolAnswer Answer, int Changes, long At);
}
