using Kitaru.StoreTests.Artifacts;
using Kitaru.StoreTests.Deployments;
using Kitaru.StoreTests.Executions;
using Kitaru.StoreTests.Explain;
using Kitaru.StoreTests.Idempotency;
using Kitaru.StoreTests.Journal;
using Kitaru.StoreTests.Logs;
using Kitaru.StoreTests.Replay;
using Kitaru.StoreTests.Retention;
using Kitaru.StoreTests.Secrets;
using Kitaru.StoreTests.Snapshots;
using Kitaru.StoreTests.Stacks;
using Kitaru.StoreTests.Statistics;
using Kitaru.StoreTests.Transfers;
using Kitaru.StoreTests.Waits;
using Kitaru.StoreTests.Workers;

namespace Kitaru.StoreTests.Postgres;

// Every suite on PostgreSQL.

[NeedsPostgres]
public sealed class PostgresArtifactTests() : ArtifactSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresChangeTests() : ChangeSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresClaimTests() : ClaimSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresCohortTests() : CohortSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresCreateTests() : CreateSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresDeleteTests() : DeleteSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresDeploymentTests() : DeploymentSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresDetailTests() : DetailSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresDiffTests() : DiffSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresEndTests() : EndSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresExplainTests() : ExplainSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresFanOutTests() : FanOutSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresIdempotencyTests() : IdempotencySuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresJournalTests() : JournalSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresListTests() : ListSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresLogTests() : LogSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresPruneTests() : PruneSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresErasingBesideOthersTests() : ErasingBesideOthersSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresRandomStatisticsTests() : RandomStatisticsSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresReapTests() : ReapSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresReplayTests() : ReplaySuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresRetryTests() : RetrySuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresSecretTests() : SecretSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresSnapshotTests() : SnapshotSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresStackTests() : StackSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresStatisticsTests() : StatisticsSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresTagTests() : TagSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresWaitTests() : WaitSuite(new PostgresUnderTest());

[NeedsPostgres]
public sealed class PostgresTransferTests() : TransferSuite(new PostgresUnderTest());
