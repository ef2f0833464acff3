using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>The first statement of every fenced change that is more than one statement.</summary>
internal static class LeaseCheck
{
    private const string Held = "SELECT 1 FROM execution WHERE exec_id = ?1 AND owner = ?2 AND epoch = ?3";

    private static readonly Sql HeldSql = Sql.Locking(Held);

    private static readonly Sql CurrentSql = new(Held);

    /// <summary>For a change: the lease stays what it is until the transaction ends.</summary>
    public static bool IsHeld(Connection connection, Lease lease)
    {
        using var statement = connection.Use(HeldSql);
        return statement.Bind(lease).Step();
    }

    /// <summary>For a look only.</summary>
    public static bool IsCurrent(Connection connection, Lease lease)
    {
        using var statement = connection.Use(CurrentSql);
        return statement.Bind(lease).Step();
    }
}
