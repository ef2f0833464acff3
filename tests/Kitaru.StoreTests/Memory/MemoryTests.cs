using Kitaru.StoreTests.Artifacts;
using Kitaru.StoreTests.Deployments;
using Kitaru.StoreTests.Executions;
using Kitaru.StoreTests.Explain;
using Kitaru.StoreTests.Journal;
using Kitaru.StoreTests.Logs;
using Kitaru.StoreTests.Replay;
using Kitaru.StoreTests.Retention;
using Kitaru.StoreTests.Snapshots;
using Kitaru.StoreTests.Statistics;
using Kitaru.StoreTests.Waits;
using Kitaru.StoreTests.Workers;

// The database in memory behaves like the one on disk: what a simulation finds, or does not find, holds there too.
namespace Kitaru.StoreTests.Memory;

public sealed class MemoryArtifactTests() : ArtifactSuite(new MemoryUnderTest());

public sealed class MemoryChangeTests() : ChangeSuite(new MemoryUnderTest());

public sealed class MemoryClaimTests() : ClaimSuite(new MemoryUnderTest());

public sealed class MemoryCohortTests() : CohortSuite(new MemoryUnderTest());

public sealed class MemoryCreateTests() : CreateSuite(new MemoryUnderTest());

public sealed class MemoryDeleteTests() : DeleteSuite(new MemoryUnderTest());

public sealed class MemoryDeploymentTests() : DeploymentSuite(new MemoryUnderTest());

public sealed class MemoryDetailTests() : DetailSuite(new MemoryUnderTest());

public sealed class MemoryDiffTests() : DiffSuite(new MemoryUnderTest());

public sealed class MemoryEndTests() : EndSuite(new MemoryUnderTest());

public sealed class MemoryExplainTests() : ExplainSuite(new MemoryUnderTest());

public sealed class MemoryFanOutTests() : FanOutSuite(new MemoryUnderTest());

public sealed class MemoryJournalTests() : JournalSuite(new MemoryUnderTest());

public sealed class MemoryListTests() : ListSuite(new MemoryUnderTest());

public sealed class MemoryLogTests() : LogSuite(new MemoryUnderTest());

public sealed class MemoryPruneTests() : PruneSuite(new MemoryUnderTest());

public sealed class MemoryErasingBesideOthersTests() : ErasingBesideOthersSuite(new MemoryUnderTest());

public sealed class MemoryRandomStatisticsTests() : RandomStatisticsSuite(new MemoryUnderTest());

public sealed class MemoryReapTests() : ReapSuite(new MemoryUnderTest());

public sealed class MemoryReplayTests() : ReplaySuite(new MemoryUnderTest());

public sealed class MemoryRetryTests() : RetrySuite(new MemoryUnderTest());

public sealed class MemorySnapshotTests() : SnapshotSuite(new MemoryUnderTest());

public sealed class MemoryStatisticsTests() : StatisticsSuite(new MemoryUnderTest());

public sealed class MemoryTagTests() : TagSuite(new MemoryUnderTest());

public sealed class MemoryIdempotencyTests() : Idempotency.IdempotencySuite(new MemoryUnderTest());

public sealed class MemoryWaitTests() : WaitSuite(new MemoryUnderTest());
