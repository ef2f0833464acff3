using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.Maintenance;

/// <summary>An empty file whose time of change says when the store was last looked after, whoever did it.</summary>
internal static class MaintenanceMark
{
    public static DateTimeOffset? Read(ConfigDirectory config) =>
        File.Exists(config.MaintenanceMark) ? new DateTimeOffset(File.GetLastWriteTimeUtc(config.MaintenanceMark), TimeSpan.Zero) : null;

    public static void Write(ConfigDirectory config, DateTimeOffset now)
    {
        File.WriteAllBytes(config.MaintenanceMark, []);
        File.SetLastWriteTimeUtc(config.MaintenanceMark, now.UtcDateTime);
    }
}
