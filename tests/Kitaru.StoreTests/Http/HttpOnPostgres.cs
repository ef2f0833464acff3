using Kitaru.StoreTests.Artifacts;
using Kitaru.StoreTests.Executions;
using Kitaru.StoreTests.Idempotency;
using Kitaru.StoreTests.Journal;
using Kitaru.StoreTests.Snapshots;
using Kitaru.StoreTests.Workers;

namespace Kitaru.StoreTests.Http;

// HTTP over PostgreSQL, for the nouns where two replicas on one database differ from two processes on one file.

[NeedsPostgres]
public sealed class HttpOnPostgresArtifactTests() : ArtifactSuite(new HttpUnderTest(new PostgresUnderTest()));

[NeedsPostgres]
public sealed class HttpOnPostgresChangeTests() : ChangeSuite(new HttpUnderTest(new PostgresUnderTest()));

[NeedsPostgres]
public sealed class HttpOnPostgresClaimTests() : ClaimSuite(new HttpUnderTest(new PostgresUnderTest()));

[NeedsPostgres]
public sealed class HttpOnPostgresCreateTests() : CreateSuite(new HttpUnderTest(new PostgresUnderTest()));

[NeedsPostgres]
public sealed class HttpOnPostgresIdempotencyTests() : IdempotencySuite(new HttpUnderTest(new PostgresUnderTest()));

[NeedsPostgres]
public sealed class HttpOnPostgresJournalTests() : JournalSuite(new HttpUnderTest(new PostgresUnderTest()));

[NeedsPostgres]
public sealed class HttpOnPostgresSnapshotTests() : SnapshotSuite(new HttpUnderTest(new PostgresUnderTest()));
