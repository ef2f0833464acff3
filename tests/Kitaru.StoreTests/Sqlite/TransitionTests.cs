using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;

namespace Kitaru.StoreTests.Sqlite;

/// <summary>The table of legal moves in code and the trigger in the schema say the same.</summary>
public sealed class TransitionTests
{
    private static readonly ExecutionStatus[] All = Enum.GetValues<ExecutionStatus>();

    [Fact]
    public async Task EveryPairOfStatuses_IsLegalInTheDatabaseExactlyWhenItIsInCode()
    {
        await using var store = new SqliteUnderTest();
        await store.OpenAsync();
        using var connection = SqliteConnection.Open(store.Directory.Database, 1000);
        connection.Script("INSERT INTO flow (flow_id, name, created_at) VALUES (randomblob(16), 'f', 0)");

        foreach (var from in All)
        {
            foreach (var to in All.Where(to => to != from))
            {
                connection.Script(Insert(from));
                var refused = Record.Exception(() => connection.Script($"UPDATE execution SET {Columns(to)}"));
                (refused is null).ShouldBe(ExecutionTransitions.IsLegal(from, to), $"{from} to {to}: {refused?.Message}");
                refused?.Message.ShouldContain("not legal");
                connection.Script("DELETE FROM execution");
            }
        }
    }

    [Fact]
    public void Terminal_AreExactlyTheThreeEnds() =>
        All.Where(ExecutionTransitions.IsTerminal).ShouldBe([ExecutionStatus.Completed, ExecutionStatus.Failed, ExecutionStatus.Cancelled]);

    private static string Insert(ExecutionStatus status) =>
        $"""
        INSERT INTO execution (exec_id, status, runnable_at, owner, lease_until, ended_at, checkpoint_count, artifact_count,
            created_at, flow_id, snapshot_id, stack_name, retries, seed, inputs_media, inputs_type, inputs_size, inputs_hash)
        SELECT randomblob(16), {Values(status)}, 0, flow_id, 's', 'd', 0, 0, 'm', 't', 0, randomblob(32) FROM flow
        """;

    private static string Columns(ExecutionStatus status) =>
        $"(status, runnable_at, owner, lease_until, ended_at, checkpoint_count, artifact_count) = (SELECT {Values(status)})";

    /// <summary>What the other rules of the table demand of a row in this status.</summary>
    private static string Values(ExecutionStatus status)
    {
        var word = StoredWords.Of(status);
        return status switch
        {
            ExecutionStatus.Queued or ExecutionStatus.Sleeping => $"'{word}', 1, NULL, NULL, NULL, NULL, NULL",
            ExecutionStatus.Running => $"'{word}', NULL, randomblob(16), 1, NULL, NULL, NULL",
            ExecutionStatus.Waiting => $"'{word}', NULL, NULL, NULL, NULL, NULL, NULL",
            _ => $"'{word}', NULL, NULL, NULL, 1, 0, 0",
        };
    }
}
