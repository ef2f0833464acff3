using System.Security.Cryptography;
using System.Text;
using Kitaru.Core;
using Kitaru.Runtime;

namespace Kitaru.Engine;

/// <content>Results of other executions. Off unless a checkpoint, its flow or a setting asks for it (mcp-page.md, last table).</content>
internal sealed partial class FlowRun
{
    /// <summary>The execution's own setting, which overrides every checkpoint's; null leaves it to them.</summary>
    private readonly bool? _cache;

    /// <summary>A replay is there to run things anew: what it does not take over by plan, it computes.</summary>
    public bool MayTakeFromCache => _replay is null;

    /// <summary>The newest result under this key.</summary>
    public Task<CachedResult?> FindCachedAsync(byte[] key) => Journal.FindCachedAsync(key, CancellationToken.None);

    /// <summary>Code, environment, checkpoint and type of the result, within which equal arguments mean the same result; null when the result is not to be reused.</summary>
    private byte[]? CacheScope<T>(CheckpointDefinition definition) =>
        _options.Code is { } code && definition.CanCache && (_cache ?? definition.Cache ?? false)
            ? SHA256.HashData(Encoding.UTF8.GetBytes($"{code}\n{Execution.Environment}\n{definition.Name}\n{definition.Method}\n{typeof(T)}\n{definition.CacheKey}"))
            : null;
}
