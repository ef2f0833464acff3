using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.LocalServer;

/// <summary>The server as it was installed with the running program: the folder <c>server/</c> beside it, or where <c>KITARU_SERVER_PATH</c> says.</summary>
internal static class ServerFiles
{
    public const string Variable = "KITARU_SERVER_PATH";
    public const string EntryAssembly = "kitaru-server.dll";

    /// <exception cref="KitaruFeatureNotAvailableException">They are not there.</exception>
    public static string Locate(Func<string, string?> environment)
    {
        var configured = ConnectionVariables.Read(environment, Variable);
        var folder = Path.GetFullPath(configured ?? Path.Combine(AppContext.BaseDirectory, "server"));
        var entry = Path.Combine(folder, EntryAssembly);
        return File.Exists(entry) ? entry : throw new KitaruFeatureNotAvailableException(
            $"This program cannot start a local server: the server's files were not found in '{folder}'.",
            $"Use kitaru-mcp or kitaru, which bring the server along, or set {Variable} to the 'server' folder of one of them.");
    }
}
