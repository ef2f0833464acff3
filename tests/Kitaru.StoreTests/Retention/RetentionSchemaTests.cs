using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;

namespace Kitaru.StoreTests.Retention;

/// <summary>What deletion takes for granted of the schema; whoever adds a table or a value learns here what to do.</summary>
public sealed class RetentionSchemaTests() : RetentionSuite(new SqliteUnderTest())
{
    private string Database => ((SqliteUnderTest)Store).Directory.Database;

    [Fact]
    public void EveryTableOfAnExecution_IsFoundAlongAnIndex()
    {
        using var connection = SqliteConnection.Open(Database, 1000);
        var tables = OwnedRows.Read(connection).Tables.ToList();

        tables[^1].ShouldBe("execution");
        tables.ShouldBe(["artifact", "attempt", "execution_tag", "journal", "log_entry", "replay", "running_call", "wait", "execution"], ignoreOrder: true);
        foreach (var table in tables)
            Plan(connection, $"DELETE FROM {table} WHERE exec_id = x'00'").ShouldNotContain("SCAN", customMessage: $"{table} needs an index that begins with exec_id");
    }

    [Fact]
    public void EveryTableThatRefersToAnExecution_IsOneOfThem()
    {
        using var connection = SqliteConnection.Open(Database, 1000);
        var referring = connection.Scalar(
            "SELECT group_concat(t.name) FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' AND f.\"table\" = 'execution' AND f.\"from\" <> 'exec_id'");

        referring.ShouldBeNullOrEmpty("a foreign key to an execution under another name keeps that execution from being deleted");
    }

    [Fact]
    public void EveryHashOfAValue_CountsAsAReference()
    {
        using var connection = SqliteConnection.Open(Database, 1000);
        var hashes = connection.Scalar(
            "SELECT group_concat(t.name || '.' || c.name) FROM (SELECT name FROM sqlite_schema WHERE type = 'table') t, pragma_table_info(t.name) c WHERE c.name LIKE '%\\_hash' ESCAPE '\\'")!.Split(',');

        hashes.ShouldBe(LargeReferences.Columns.Select(column => $"{column.Table}.{column.Hash}"), ignoreOrder: true);
    }

    [Fact]
    public void Lookups_OfReferencesAndAges_WalkIndexes()
    {
        using var connection = SqliteConnection.Open(Database, 1000);
        foreach (var text in LargeReferences.LookupTexts)
            Plan(connection, text.Replace("?1", "x'00'")).ShouldNotContain("SCAN");
        Plan(connection, "DELETE FROM execution WHERE exec_id = x'00'").ShouldNotContain("SCAN");
        Plan(connection, "SELECT EXISTS (SELECT 1 FROM execution WHERE snapshot_id = 'x')").ShouldContain("execution_by_snapshot");
    }

    private static string Plan(SqliteConnection connection, string sql)
    {
        using var statement = connection.Use(new Sql("EXPLAIN QUERY PLAN " + sql));
        var lines = new List<string>();
        while (statement.Step())
        {
            statement.Skip(3);
            lines.Add(statement.Text());
        }
        // A scan of a constant row, or of what a subquery gave, reads no table.
        return string.Join('\n', lines.Where(line => line != "SCAN CONSTANT ROW" && !line.StartsWith("SCAN (", StringComparison.Ordinal)));
    }
}
