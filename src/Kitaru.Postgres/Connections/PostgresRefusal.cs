using Kitaru.ControlPlane.Storage;
using Npgsql;

namespace Kitaru.Postgres;

/// <summary>What PostgreSQL, or the way to it, answered instead of doing it. Never leaves the driver; <see cref="PostgresErrors"/> puts it into our words.</summary>
internal sealed class PostgresRefusal(NpgsqlException error) : DatabaseException(error.Message, error)
{
    /// <summary>The five characters of PostgreSQL; empty when no answer came at all.</summary>
    public string State { get; } = (error as PostgresException)?.SqlState ?? "";

    public override bool IsDuplicate => State == PostgresErrorCodes.UniqueViolation;

    /// <summary>Two transactions were in each other's way: the same one again goes through.</summary>
    public bool IsConflict => State is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    /// <summary>The connection is gone, or there is none to be had right now.</summary>
    public bool IsLost => State.Length == 0
        || State.StartsWith("08", StringComparison.Ordinal)
        || State is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.TooManyConnections or "57P05";
}
