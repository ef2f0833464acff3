using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>The first statement of every fenced change that is more than one statement.</summary>
internal static class LeaseCheck
{
    private static readonly Sql HeldSql = new("SELECT 1 FROM execution WHERE exec_id = ?1 AND owner = ?2 AND epoch = ?3");

    public static bool IsHeld(Connection connection, Lease lease)
    {
        using var statement = connection.Use(HeldSql);
        return statement.Bind(lease).Step();
    }
}
