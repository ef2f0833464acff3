using Kitaru.Core;

namespace Kitaru.Client.Http;

internal sealed class HttpStatistics(HttpCalls calls) : IStatistics
{
    public Task<StatisticsResult> ComputeAsync(StatisticsQuery query, CancellationToken cancellationToken = default) =>
        calls.AskAsync<StatisticsResult>("statistics", query, cancellationToken);
}
