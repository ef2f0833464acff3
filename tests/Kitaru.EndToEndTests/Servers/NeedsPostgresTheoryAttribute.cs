using Kitaru.PostgresForTests;

namespace Kitaru.EndToEndTests.Servers;

/// <inheritdoc cref="NeedsPostgresFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsPostgresTheoryAttribute : TheoryAttribute
{
    public NeedsPostgresTheoryAttribute() => Skip = PostgresCluster.Missing;
}
