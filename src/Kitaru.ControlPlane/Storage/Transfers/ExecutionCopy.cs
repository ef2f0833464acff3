using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.ControlPlane.Storage;

/// <summary>Everything that hangs on one execution, as rows: read, compared and written. What triggers keep is kept by them there too.</summary>
internal sealed class ExecutionCopy
{
    private const string Execution = "execution";
    private const string FlowColumn = "flow_id";

    /// <summary>In the order in which they are written: what is counted when an execution is stored stands first, what refers to it last.</summary>
    private static readonly string[] Order = ["journal", "log_entry", Execution];

    private static readonly Sql FlowSql = new("SELECT name FROM flow WHERE flow_id = (SELECT flow_id FROM execution WHERE exec_id = ?1)");

    private static readonly Sql FlowIdSql = new("SELECT flow_id FROM flow WHERE name = ?1");

    private readonly Dictionary<string, TableRows> _tables;

    private ExecutionCopy(Dictionary<string, TableRows> tables) => _tables = tables;

    public static ExecutionCopy Of(Connection connection) => new(TableRows.Read(connection, OwnedRows.Read(connection).Tables.ToDictionary(
        table => table,
        table => ("exec_id", table switch
        {
            "execution_tag" => new[] { "status", FlowColumn, "stack_name" },
            _ => [],
        }))));

    /// <summary>Null when there is none.</summary>
    public ArchivedExecution? Read(Connection connection, ExecutionId id)
    {
        string flow;
        using (var find = connection.Use(FlowSql))
        {
            if (!find.Bind(id.Value).Step())
                return null;
            flow = find.Text();
        }
        var tables = new JsonObject();
        foreach (var (name, table) in _tables.OrderBy(table => table.Key, StringComparer.Ordinal))
        {
            var rows = table.Read(connection, id.Value);
            foreach (var row in rows)
                row.Remove(FlowColumn);
            if (rows.Count > 0)
                tables[name] = new JsonArray([.. rows.OrderBy(row => Convert.ToHexString(CanonicalJson.Bytes(row)), StringComparer.Ordinal)]);
        }
        var execution = tables[Execution]![0]!;
        return new ArchivedExecution(
            id, flow, execution["ended_at"] is not null, execution["epoch"]!.GetValue<long>(), tables, HashOf(flow, tables), LargeReferences.Of(connection, id));
    }

    /// <exception cref="KitaruUsageException">It is not what it says it is.</exception>
    public void Insert(Connection connection, ArchivedExecution archived, FlowId newFlowId, DateTimeOffset now)
    {
        Check(archived);
        FlowRow.Put(connection, newFlowId, archived.Flow, now);
        Guid flow;
        using (var find = connection.Use(FlowIdSql))
        {
            find.Bind(archived.Flow).Step();
            flow = find.Id();
        }
        foreach (var name in Order.Concat(archived.Tables.Select(table => table.Key).Except(Order, StringComparer.Ordinal).Order(StringComparer.Ordinal)))
        {
            foreach (var row in (archived.Tables[name] as JsonArray ?? []).Select(row => row!.DeepClone().AsObject()))
            {
                if (name == Execution)
                    row[FlowColumn] = flow.ToString("N");
                _tables[name].Insert(connection, row);
            }
        }
    }

    private void Check(ArchivedExecution archived)
    {
        var id = archived.Id.Value.ToString("N");
        foreach (var (name, rows) in archived.Tables)
        {
            if (!_tables.ContainsKey(name) || rows is not JsonArray list || list.Any(row => row is not JsonObject columns || columns["exec_id"]?.ToString() != id))
                throw Bad(archived.Id, $"'{Texts.Short(name, 80)}' holds something that is not a row of it");
        }
        if (archived.Tables[Execution] is not JsonArray { Count: 1 } only || only[0]!["owner"] is not null)
            throw Bad(archived.Id, "it is not one execution that nobody holds");
        if (HashOf(archived.Flow, archived.Tables) != archived.Hash)
            throw Bad(archived.Id, "its rows do not fit its hash");
    }

    private static string HashOf(string flow, JsonObject tables) =>
        Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Bytes(new JsonObject { ["flow"] = flow, ["tables"] = tables.DeepClone() })));

    private static KitaruUsageException Bad(ExecutionId id, string why) => new($"Execution {id} cannot be stored: {why}.", "Export it again; the archive was changed or is damaged.");
}
