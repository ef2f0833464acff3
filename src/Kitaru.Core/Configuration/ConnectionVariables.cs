namespace Kitaru.Core.Configuration;

/// <summary>The environment's part of a connection. Blank counts as unset.</summary>
public static class ConnectionVariables
{
    /// <summary>The variable with a server's address.</summary>
    public const string ServerUrl = "KITARU_SERVER_URL";

    /// <summary>The variable with an API key or a token of that server.</summary>
    public const string AuthToken = "KITARU_AUTH_TOKEN";

    /// <summary>The variable with the project: its name or id.</summary>
    public const string Project = "KITARU_PROJECT";

    /// <summary>The variable that, being 1, lets tokens go over http to other machines.</summary>
    public const string AllowHttp = "KITARU_ALLOW_HTTP";

    /// <summary>A variable's value, without blanks around it; null when it is unset or blank.</summary>
    public static string? Read(Func<string, string?> environment, string name) => Given(environment(name));

    /// <summary>The text without blanks around it; null when there is nothing else.</summary>
    public static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>Those that name a server, as far as they are set.</summary>
    public static IReadOnlyList<string> Set(Func<string, string?> environment) =>
        [.. new[] { ServerUrl, AuthToken }.Where(name => Read(environment, name) is not null)];
}
