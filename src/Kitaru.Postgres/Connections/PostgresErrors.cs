using Npgsql;

namespace Kitaru.Postgres;

/// <summary>PostgreSQL's answers in words that say which store, what was seen and what to do. No connection string is ever part of them.</summary>
internal static class PostgresErrors
{
    public static KitaruBackendException Of(NpgsqlException error, string store, bool? outcomeKnown = true)
    {
        var (what, next) = (error as PostgresException)?.SqlState switch
        {
            PostgresErrorCodes.InvalidCatalogName => ("there is no such database", "Create it (createdb), or name another one in the connection string."),
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                ("the login was refused", "Check the user and password of the connection string, and pg_hba.conf."),
            PostgresErrorCodes.InsufficientPrivilege => ("this user may not do that", "Let the database belong to this user, or grant it CREATE on the database."),
            PostgresErrorCodes.DiskFull => ("the disk is full", "Free some space on the database's disk and call again."),
            PostgresErrorCodes.TooManyConnections => ("it takes no more connections", "Raise max_connections, or run fewer servers."),
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow =>
                ("it is stopping or starting", "Call again when it runs."),
            null => ("it cannot be reached", "Check that PostgreSQL runs and that host and port are right, then call again."),
            _ => ("PostgreSQL refused", "Call again; if it stays, report it with this message."),
        };
        // Of a read there is nothing to say: it may have been made to see whether a write was kept.
        var outcome = outcomeKnown switch
        {
            true => " Nothing was written.",
            false => " Whether the last writes were kept is not known until the store is read again.",
            null => "",
        };
        return new KitaruBackendException($"The store {store} failed: {what}.{outcome} ({Text(error)})", next, error);
    }

    private static string Text(NpgsqlException error) => error is PostgresException answer
        ? $"{answer.SqlState}: {answer.MessageText}"
        : error.InnerException?.Message ?? error.Message;
}
