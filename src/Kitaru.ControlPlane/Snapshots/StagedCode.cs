using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.Snapshots;

/// <summary>Staged code, looked at by somebody who is about to need it.</summary>
public static class StagedCode
{
    /// <summary>Marks a snapshot as used now, which keeps it from being removed for a day; false when it is not staged here.</summary>
    public static bool TryUse(ConfigDirectory config, SnapshotId id, TimeProvider time)
    {
        var record = Path.Combine(config.Snapshots, id.Value, StageFolders.RecordName);
        try
        {
            File.SetLastWriteTimeUtc(record, time.GetUtcNow().UtcDateTime);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            // Somebody else's file, which this user may read: nobody but its owner can remove it either.
            return File.Exists(record);
        }
    }
}
