using SQLitePCL;

namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>SQLite's answers in words that say which file, what was seen and what to do.</summary>
internal static class StoreErrors
{
    public static KitaruBackendException Of(SqliteException error, string path, bool outcomeKnown = true)
    {
        var (what, next) = error.Code switch
        {
            raw.SQLITE_FULL => ("the disk is full", "Free some space on that disk and call again."),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => ("another program keeps it locked", "Close whatever holds a transaction on that file open, then call again."),
            raw.SQLITE_READONLY or raw.SQLITE_PERM => ("it cannot be written", "Make the file and its folder writable for this user."),
            raw.SQLITE_CANTOPEN => ("it cannot be opened", "Check that the folder exists and that this user may read and write it."),
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => ("it is damaged or not a database", "Restore it from a copy, or move it away to start with an empty store."),
            raw.SQLITE_IOERR => ("the disk reported an error", "Check the disk, then call again."),
            _ => ("SQLite refused", "Call again; if it stays, report it with this message."),
        };
        var outcome = outcomeKnown ? "Nothing was written." : "Whether the last writes were kept is not known until the store is read again.";
        return new KitaruBackendException($"The store {path} failed: {what}. {outcome} ({error.Message})", next, error);
    }
}
