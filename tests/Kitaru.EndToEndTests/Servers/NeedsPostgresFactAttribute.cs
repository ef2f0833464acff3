using Kitaru.PostgresForTests;

namespace Kitaru.EndToEndTests.Servers;

/// <summary>A test that needs PostgreSQL; where it is not installed and cannot be, it is skipped and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsPostgresFactAttribute : FactAttribute
{
    public NeedsPostgresFactAttribute() => Skip = PostgresCluster.Missing;
}
