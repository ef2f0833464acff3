using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.StoreTests.Statistics;

/// <summary>A store that was filled before there were statistics.</summary>
public sealed class StatisticsMigrationTests : IDisposable
{
    private const int VersionBefore = 2;

    private readonly ConfigDirectory _directory = new(Directory.CreateTempSubdirectory("kitaru-statistics-").FullName);

    public void Dispose() => Directory.Delete(_directory.Root, recursive: true);

    [Fact]
    public async Task Open_AnOlderStore_CountsWhatItHolds()
    {
        ConfigDirectory.Ensure(Path.GetDirectoryName(_directory.Database)!);
        FileGate.CreateForOwnerOnly(_directory.Database);
        using (var connection = SqliteConnection.Open(_directory.Database, 1000))
        {
            connection.Script("CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, program TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT");
            foreach (var migration in Migrator.Project.Known.Where(migration => migration.Version <= VersionBefore))
                connection.Script($"{migration.Text}; INSERT INTO schema_version VALUES ({migration.Version}, '{migration.Name}', 'Kitaru 0.1.0', 0)");
            connection.Script(
                """
                INSERT INTO flow VALUES (zeroblob(16), 'greet', 1);
                INSERT INTO execution (exec_id, status, created_at, started_at, ended_at, checkpoint_count, artifact_count, flow_id, snapshot_id, stack_name, retries, seed,
                    tags, inputs_media, inputs_type, inputs_size, inputs_hash)
                VALUES (zeroblob(16), 'failed', 1, 2000000, 5000000, 4, 3, zeroblob(16), 's', 'default', 0, 0, '["x"]', 'application/json', 'o', 2, zeroblob(32));
                INSERT INTO execution_tag VALUES ('x', 1, zeroblob(16));
                """);
        }

        await using var plane = await EmbeddedControlPlane.OpenAsync(new EmbeddedOptions { Directory = _directory });

        var group = (await plane.Statistics.ComputeAsync(new StatisticsQuery
        {
            GroupBy = [new(StatisticsDimension.Flow)],
            Metrics = [new("time", MetricSource.Duration, MetricAggregation.Sum), new("steps", MetricSource.StepCount, MetricAggregation.Sum)],
        })).Groups.ShouldHaveSingleItem();
        group.Metrics.Select(metric => metric.Value).ShouldBe([3, 4]);
        (await plane.Executions.ListAsync(new ExecutionQuery { Tags = ["x"], Statuses = [ExecutionStatus.Failed], Flow = "greet", Stack = "default" })).Total.ShouldBe(1);
    }
}
