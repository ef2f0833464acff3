using System.Net;
using System.Text;
using System.Text.Json;
using Kitaru.Core.Http;

namespace Kitaru.ServerTests.Client;

/// <summary>A network that loses answers when it is told to.</summary>
internal sealed class LossyHandler() : DelegatingHandler(new SocketsHttpHandler())
{
    private bool _loseNext;

    public bool IsDown { get; set; }

    /// <summary>How many of the next answers say that the server's store is away; what was asked is done all the same.</summary>
    public int AwayAnswers { get; set; }

    /// <summary>Requests that reached the server since an answer was to be lost.</summary>
    public int Sent { get; private set; }

    public void LoseNext() => (_loseNext, Sent) = (true, 0);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsDown)
            throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused");
        var response = await base.SendAsync(request, cancellationToken);
        Sent++;
        if (AwayAnswers > 0)
        {
            AwayAnswers--;
            response.Dispose();
            var problem = Problems.Of(new KitaruBackendException("The server's store is away.", "Ask again.")) with { IsStoreAway = true };
            return new HttpResponseMessage((HttpStatusCode)problem.Status)
            {
                Content = new StringContent(JsonSerializer.Serialize(problem, WireJson.Strict), Encoding.UTF8, Problem.MediaType),
            };
        }
        if (!_loseNext)
            return response;
        _loseNext = false;
        response.Dispose();
        throw new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended prematurely.");
    }
}
