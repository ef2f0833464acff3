using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Hosting;

/// <summary>What one request works on, for whom, and with which tools. Every handler asks for the scope of its request, and keeps none.</summary>
/// <param name="Backend">Kitaru, as the caller may see it.</param>
/// <param name="Policy">Which tools there are for the caller.</param>
/// <param name="Principal">Who calls, as the server authenticated it; null on the caller's own machine.</param>
internal sealed record RequestScope(Backend Backend, ToolPolicy Policy, string? Principal = null)
{
    /// <summary>What is said of faults of the machine, such as paths; null to say what they say, which is for the user of that machine only.</summary>
    public Func<KitaruBackendException, KitaruException>? Disguise { get; init; }

    /// <summary>The client is gone: what only it would hear of ends. Over HTTP a request ends by itself.</summary>
    public CancellationToken Ended { get; init; }

    /// <summary>What all processes are given that serve this store from directories of their own, for what they seal; null when there is one directory.</summary>
    public string? SealingSecret { get; init; }

    /// <summary>Who calls, for the record: the principal, and the client's name, which is only what the client says.</summary>
    public string Caller(string? client)
    {
        var name = "mcp:" + Core.Texts.Short(client ?? "unknown", 80);
        return Principal is null ? name : $"{Principal} ({name})";
    }
}
