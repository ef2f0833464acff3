namespace Kitaru.Mcp.Approvals;

/// <summary>Who answered a question, and how the answer came: for the record.</summary>
internal static class AnsweredBy
{
    /// <summary>The client's user filled in a form.</summary>
    public static string User(string caller) => $"{caller}, its user was asked";

    /// <summary>The client gave it with the call.</summary>
    public static string Client(string caller) => $"{caller}, given with the call";
}
