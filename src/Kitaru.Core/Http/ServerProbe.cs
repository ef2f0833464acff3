using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Core.Http;

/// <summary>What a server says of itself.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Database">Its kind of database.</param>
/// <param name="DeploymentType">How it is deployed.</param>
/// <param name="InstanceId">Which of its processes answered.</param>
public sealed record ServerIdentity(string? Version, string? Database, string? DeploymentType, string? InstanceId);

/// <summary>Who a token is, as the server sees it.</summary>
/// <param name="Name">The name.</param>
/// <param name="ProjectId">The project that calls work on.</param>
/// <param name="ProjectName">Its name.</param>
public sealed record ServerUser(string? Name, string? ProjectId, string? ProjectName);

/// <summary>Asks a server who it is: once, in short time, with no retries.</summary>
public sealed class ServerProbe : IDisposable
{
    /// <summary>A dead server is found out in this time.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private const int AnswerBytesMax = 64 * 1024;
    private readonly HttpClient _http;

    /// <summary>Of a server, with a token of it.</summary>
    /// <param name="url">Its address without a slash at its end.</param>
    /// <param name="token">What authenticates.</param>
    /// <param name="limit">How long an answer may take; 2 seconds unless said otherwise.</param>
    public ServerProbe(string url, string token, TimeSpan? limit = null)
    {
        Url = url;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = !new Uri(url).IsLoopback, AllowAutoRedirect = false, ConnectTimeout = limit ?? Limit })
        {
            BaseAddress = new Uri(url + "/"),
            Timeout = limit ?? Limit,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>The server's address.</summary>
    public string Url { get; }

    /// <summary>What it is.</summary>
    /// <exception cref="KitaruBackendException">It does not answer, or what answers is something else.</exception>
    public async Task<ServerIdentity> GetInfoAsync(CancellationToken cancellationToken)
    {
        var info = await GetAsync("api/v1/info", null, cancellationToken).ConfigureAwait(false);
        return new ServerIdentity(Text(info, "version"), Text(info, "database"), Text(info, "deployment_type"), Text(info, "instance_id"));
    }

    /// <summary>Who the token is, and the project that calls work on.</summary>
    /// <exception cref="KitaruAuthenticationException">The token is not valid.</exception>
    /// <exception cref="KitaruUsageException">There is no such project for it.</exception>
    /// <exception cref="KitaruBackendException">It does not answer, or what answers is something else.</exception>
    public async Task<ServerUser> GetUserAsync(string? project, CancellationToken cancellationToken)
    {
        var user = await GetAsync("api/v1/current-user", project, cancellationToken).ConfigureAwait(false);
        var at = user["project"] as JsonObject;
        return new ServerUser(Text(user, "name"), at is null ? null : Text(at, "id"), at is null ? null : Text(at, "name"));
    }

    /// <summary>Asks the server to end; false when it does not take that.</summary>
    public async Task<bool> ShutDownAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.PostAsync(new Uri("api/v1/shutdown", UriKind.Relative), content: null, cancellationToken).ConfigureAwait(false);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception fault) when (IsTransport(fault, cancellationToken))
        {
            return false;
        }
    }

    /// <summary>Closes its connections.</summary>
    public void Dispose() => _http.Dispose();

    private async Task<JsonObject> GetAsync(string path, string? project, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
            if (project is not null)
                request.Headers.TryAddWithoutValidation(WireHeaders.Project, WireHeaders.Escape(project));
            using var answer = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (answer.StatusCode is HttpStatusCode.Unauthorized)
                throw new KitaruAuthenticationException($"The server at {Url} does not accept the token.", "Log in again with a key that is active, or ask who runs the server for one.");
            if (answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound && project is not null)
                throw NoProject(project);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            return answer.IsSuccessStatusCode && KitaruJson.Parse(text) is JsonObject members
                ? members
                : throw Unreachable($"it answered {(int)answer.StatusCode} and is no Kitaru server, or a broken one", null);
        }
        catch (JsonException fault)
        {
            throw Unreachable("what answers is no Kitaru server", fault);
        }
        catch (Exception fault) when (IsTransport(fault, cancellationToken))
        {
            throw Unreachable(fault is OperationCanceledException ? $"it did not answer within {_http.Timeout.TotalSeconds:0.#} s" : fault.Message, fault);
        }
    }

    private static bool IsTransport(Exception fault, CancellationToken cancellationToken) =>
        fault is HttpRequestException or IOException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static string? Text(JsonObject members, string name) =>
        members[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? Texts.Short(value.GetValue<string>()) : null;

    private KitaruUsageException NoProject(string project) => new(
        $"There is no project '{Texts.Short(project, 80)}' for this key on the server at {Url}.", "Check its name, or ask who runs the server for a role in it.");

    private KitaruBackendException Unreachable(string why, Exception? fault) => new(
        $"The server at {Url} could not be asked: {Texts.Short(why)}.", "Check that it runs and can be reached from here, then call again.", fault);
}
