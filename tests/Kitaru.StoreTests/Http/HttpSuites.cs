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
using Kitaru.StoreTests.Waits;
using Kitaru.StoreTests.Workers;

namespace Kitaru.StoreTests.Http;

// Every suite once more, over HTTP: what a client of a server sees is what a program sees on its own store.

public sealed class HttpArtifactTests() : ArtifactSuite(new HttpUnderTest());

public sealed class HttpDeploymentTests() : DeploymentSuite(new HttpUnderTest());

public sealed class HttpChangeTests() : ChangeSuite(new HttpUnderTest());

public sealed class HttpCreateTests() : CreateSuite(new HttpUnderTest());

public sealed class HttpDetailTests() : DetailSuite(new HttpUnderTest());

public sealed class HttpEndTests() : EndSuite(new HttpUnderTest());

public sealed class HttpListTests() : ListSuite(new HttpUnderTest());

public sealed class HttpRetryTests() : RetrySuite(new HttpUnderTest());

public sealed class HttpTagTests() : TagSuite(new HttpUnderTest());

public sealed class HttpExplainTests() : ExplainSuite(new HttpUnderTest());

public sealed class HttpIdempotencyTests() : IdempotencySuite(new HttpUnderTest());

public sealed class HttpJournalTests() : JournalSuite(new HttpUnderTest());

public sealed class HttpLogTests() : LogSuite(new HttpUnderTest());

public sealed class HttpCohortTests() : CohortSuite(new HttpUnderTest());

public sealed class HttpDiffTests() : DiffSuite(new HttpUnderTest());

public sealed class HttpFanOutTests() : FanOutSuite(new HttpUnderTest());

public sealed class HttpReplayTests() : ReplaySuite(new HttpUnderTest());

public sealed class HttpDeleteTests() : DeleteSuite(new HttpUnderTest());

public sealed class HttpPruneTests() : PruneSuite(new HttpUnderTest());

public sealed class HttpErasingBesideOthersTests() : ErasingBesideOthersSuite(new HttpUnderTest());

public sealed class HttpSecretTests() : SecretSuite(new HttpUnderTest());

public sealed class HttpSnapshotTests() : SnapshotSuite(new HttpUnderTest());

public sealed class HttpStackTests() : StackSuite(new HttpUnderTest());

public sealed class HttpRandomStatisticsTests() : RandomStatisticsSuite(new HttpUnderTest());

public sealed class HttpStatisticsTests() : StatisticsSuite(new HttpUnderTest());

public sealed class HttpWaitTests() : WaitSuite(new HttpUnderTest());

public sealed class HttpClaimTests() : ClaimSuite(new HttpUnderTest());

public sealed class HttpReapTests() : ReapSuite(new HttpUnderTest());
