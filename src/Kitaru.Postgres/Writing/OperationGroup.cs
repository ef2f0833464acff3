using Kitaru.ControlPlane.Storage;

namespace Kitaru.Postgres;

/// <summary>
/// Operations of a batch that make the same changes, as one statement for each change. None of a batch has been answered yet, so no caller can have
/// relied on their order. Two of the same key do not meet in one statement: each is to get its own answer.
/// </summary>
internal sealed class OperationGroup
{
    private readonly ManyStatement[] _statements;
    private readonly Dictionary<Guid, RepeatableOperation> _operations = [];
    private readonly List<RepeatableOperation> _others = [];

    private OperationGroup(IReadOnlyList<ManyRows> many) => _statements = [.. many.Select(rows => new ManyStatement(rows))];

    /// <summary>Puts all of them beside others that travel together.</summary>
    public static void PostAll(IEnumerable<RepeatableOperation> operations, PostgresConnection connection)
    {
        foreach (var alike in operations.GroupBy(operation => operation.Many, SameChanges.Instance))
        {
            if (alike.Key.Count > 0 && alike.Skip(1).Any())
            {
                Of(alike, connection).Post(connection);
                continue;
            }
            foreach (var operation in alike)
                operation.Post(connection);
        }
    }

    private static OperationGroup Of(IGrouping<IReadOnlyList<ManyRows>, RepeatableOperation> operations, PostgresConnection connection)
    {
        var group = new OperationGroup(operations.Key);
        foreach (var operation in operations)
            group.Add(operation, connection);
        return group;
    }

    private void Add(RepeatableOperation operation, PostgresConnection connection)
    {
        var first = operation.Parameters(0, connection);
        if (!_operations.TryAdd(_statements[0].KeyOf(first), operation))
        {
            _others.Add(operation);
            return;
        }
        _statements[0].Add(first);
        for (var change = 1; change < _statements.Length; change++)
            _statements[change].Add(operation.Parameters(change, connection));
    }

    private void Post(PostgresConnection connection)
    {
        if (_operations.Values.Any(operation => (operation.Traits & WriteTraits.Locks) != 0))
            connection.Lock([.. _operations.Values.Select(operation => operation.Affinity)]);
        foreach (var operation in _operations.Values)
            operation.Answer(0);
        _statements[0].Post(connection, key => _operations[key].Answer(1));
        foreach (var statement in _statements.Skip(1))
            statement.Post(connection);
        foreach (var operation in _others)
            operation.Post(connection);
    }

    private sealed class SameChanges : IEqualityComparer<IReadOnlyList<ManyRows>>
    {
        public static readonly SameChanges Instance = new();

        public bool Equals(IReadOnlyList<ManyRows>? x, IReadOnlyList<ManyRows>? y) => x!.SequenceEqual(y!, ReferenceEqualityComparer.Instance);

        public int GetHashCode(IReadOnlyList<ManyRows> many) => many.Count == 0 ? 0 : System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(many[0]);
    }
}
