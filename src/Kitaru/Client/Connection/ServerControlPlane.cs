using Kitaru.Core;

namespace Kitaru.Client.Connection;

/// <summary>The control plane of a server.</summary>
internal static class ServerControlPlane
{
    public static IControlPlane Open(ConnectionSettings settings) => throw new KitaruFeatureNotAvailableException(
        $"This version cannot work on a server yet; it is connected to {settings.ServerUrl} ({settings.ServerUrlSource}).", "Unset KITARU_SERVER_URL and KITARU_AUTH_TOKEN, or log out.");
}
