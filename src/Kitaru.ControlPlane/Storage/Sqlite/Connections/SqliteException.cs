namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>What SQLite answered instead of doing it. Never leaves the driver; <see cref="StoreErrors"/> puts it into our words.</summary>
internal sealed class SqliteException(int extendedCode, string message, string sql) : DatabaseException($"SQLite error {extendedCode}: {message}. In: {sql}")
{
    public int Code { get; } = extendedCode & 0xFF;

    public bool IsConstraint => Code == SQLitePCL.raw.SQLITE_CONSTRAINT;

    public override bool IsDuplicate { get; } = extendedCode is SQLitePCL.raw.SQLITE_CONSTRAINT_PRIMARYKEY or SQLitePCL.raw.SQLITE_CONSTRAINT_UNIQUE;
}
