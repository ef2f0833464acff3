using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Kitaru.Core.Http;

namespace Kitaru.Server.Access;

/// <summary>
/// Slows down who tries tokens: an address with many failures in a minute gets no more answers than that, except to tokens that were accepted a while ago. Others may share the
/// address.
/// </summary>
internal sealed class FailedAttempts(RequestDelegate next, ServerOptions options)
{
    private const int AddressesMax = 10_000;
    private const int TokensMax = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<IPAddress, Failures> _failures = [];
    private readonly ConcurrentDictionary<string, bool> _accepted = new(StringComparer.Ordinal);

    public async Task InvokeAsync(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var header = context.Request.Headers.Authorization.ToString();
        var hash = header.Length is > 0 and < 8192 ? Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(header))) : "";
        if (IsOver(address) && !_accepted.ContainsKey(hash) && context.GetEndpoint()?.Metadata.GetMetadata<AccessRule>() is not { Role: null })
        {
            await RefuseAsync(context);
            return;
        }
        try
        {
            await next(context);
        }
        catch (KitaruAuthenticationException)
        {
            _accepted.TryRemove(hash, out _);
            Note(address);
            throw;
        }
        if (hash.Length == 0 || context.Response.StatusCode >= 400)
            return;
        if (_accepted.Count >= TokensMax)
            _accepted.Clear();
        _accepted.TryAdd(hash, true);
    }

    private bool IsOver(IPAddress address) => _failures.TryGetValue(address, out var failures) && TimeProvider.System.GetElapsedTime(failures.Since) < Window && failures.Count >= options.FailuresPerMinute;

    private void Note(IPAddress address)
    {
        if (_failures.Count >= AddressesMax)
            _failures.Clear();
        var now = TimeProvider.System.GetTimestamp();
        _failures.AddOrUpdate(
            address, _ => new Failures(now, 1), (_, before) => TimeProvider.System.GetElapsedTime(before.Since, now) < Window ? before with { Count = before.Count + 1 } : new Failures(now, 1));
    }

    private static async Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = "60";
        await context.Response.WriteAsJsonAsync(
            new Problem
            {
                Title = "Too many failed attempts",
                Status = StatusCodes.Status429TooManyRequests,
                Code = "KitaruAuthenticationError",
                Detail = "Too many requests from this address had no valid token.",
                NextStep = "Wait a minute, then ask with a valid token.",
                MayPass = true,
            },
            WireJson.Strict, Problem.MediaType, context.RequestAborted);
    }

    private sealed record Failures(long Since, int Count);
}
