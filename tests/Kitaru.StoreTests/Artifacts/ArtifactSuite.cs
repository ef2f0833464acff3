using System.Text;
using Kitaru.Core;

namespace Kitaru.StoreTests.Artifacts;

public abstract class ArtifactSuite : StoreSuite
{
    private static readonly string Large = $"\"{new string('x', StoredValue.InlineBytesMax)}\"";

    private protected ArtifactSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Get_SavedOrStepOutput_ComesWithItsBytes()
    {
        var lease = await HeldAsync("triage");
        var saved = new ArtifactId(NewId());
        await Plane.Journal.AppendAsync(lease, Entry(1, "step", "\"out\"") with { Type = "tool_call", Artifacts = [new NewArtifact(saved, "n", "prompt", Json("\"in\""), [])] });

        var (manual, output) = (await Plane.Artifacts.GetAsync(saved), await Plane.Artifacts.GetAsync(new ArtifactId(IdFactory.Derive(lease.ExecutionId, "step"))));

        TextOf(manual.Value).ShouldBe("\"in\"");
        TextOf(output.Value).ShouldBe("\"out\"");
        (output.ExecutionId, output.Kind, output.Name, output.ProducingCall).ShouldBe((lease.ExecutionId, "output", "triage::step::output", "step"));
    }

    [Fact]
    public async Task Get_Unknown_IsNotFound() =>
        await Should.ThrowAsync<KitaruNotFoundException>(() => Plane.Artifacts.GetAsync(new ArtifactId(NewId())));

    [Fact]
    public async Task LargeValues_StandInTheArtifactStore_WhereverTheyComeFrom()
    {
        var created = await Plane.Executions.CreateAsync(New(inputs: Large));
        created.Inputs.Inline.ShouldBeNull();
        var lease = (await ClaimAsync(created.Id)).Lease;
        var artifact = new ArtifactId(NewId());
        await Plane.Journal.AppendAsync(lease, Entry(1, "a", Large) with { Artifacts = [new NewArtifact(artifact, "n", "blob", Json(Large), [])] });
        await OpenWaitAsync(lease, "w");
        await Plane.Waits.AnswerAsync(lease.ExecutionId, "w", Large, "me");
        await ReleaseAsync(lease, ExecutionStatus.Queued);
        var claimed = await ClaimAsync(lease.ExecutionId);
        await Plane.Journal.FinishAsync(claimed.Lease, new Outcome(ExecutionStatus.Completed, null, Json(Large), null, null));
        var ended = await FindAsync(lease.ExecutionId);

        foreach (var value in (StoredValue[])[claimed.Execution.Inputs, claimed.Journal[0].Value!, ended.Result!, (await Plane.Artifacts.GetAsync(artifact)).Value])
        {
            value.Inline.ShouldBeNull();
            Encoding.UTF8.GetString(await Plane.Artifacts.ReadAllAsync(value)).ShouldBe(Large);
        }
        claimed.Waits[0].Answer!.Inline.ShouldBeNull();
    }

    [Fact]
    public async Task Create_SameKeyWithLargeInputs_GivesTheFirst()
    {
        var first = await Plane.Executions.CreateAsync(New(inputs: Large, key: "k"));

        (await Plane.Executions.CreateAsync(New(inputs: Large, key: "k"))).Id.ShouldBe(first.Id);
    }

    [Theory]
    [InlineData(0, 3, "012")]
    [InlineData(3, 100, "3456789")]
    [InlineData(10, 5, "")]
    [InlineData(99, 5, "")]
    public async Task Read_ARange_IsCutToWhatIsThere(long offset, int count, string expected)
    {
        var small = StoredValue.Of(StoredValue.Text, "string", "0123456789"u8.ToArray());
        var bytes = new byte[StoredValue.InlineBytesMax + 10];
        "0123456789"u8.CopyTo(bytes.AsSpan(StoredValue.InlineBytesMax));
        var large = await Plane.Artifacts.StoreAsync(StoredValue.Of(StoredValue.Bytes, "byte[]", bytes));

        Encoding.UTF8.GetString(await Plane.Artifacts.ReadAsync(small, offset, count)).ShouldBe(expected);
        Encoding.UTF8.GetString(await Plane.Artifacts.ReadAsync(large, StoredValue.InlineBytesMax + offset, count)).ShouldBe(expected);
    }

    [Fact]
    public async Task Store_SmallValue_IsGivenBackAsItIs()
    {
        var small = Json("1");

        (await Plane.Artifacts.StoreAsync(small)).ShouldBeSameAs(small);
    }

    [Fact]
    public async Task Store_WithAHashThatIsNotItsOwn_IsRefused()
    {
        var honest = Json(Large);

        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Artifacts.StoreAsync(honest with { Hash = new string('0', 64) }));
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Artifacts.StoreAsync(honest with { Hash = "../../etc/passwd" }));
    }

    [Theory]
    [InlineData("../../../../etc/passwd")]
    [InlineData("")]
    public async Task Read_WithAHashThatIsNone_IsRefused(string hash) =>
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Artifacts.ReadAllAsync(new StoredValue(StoredValue.Bytes, "byte[]", hash, 100_000, null)));

    [Fact]
    public async Task Read_LostFile_IsNotFound() =>
        await Should.ThrowAsync<KitaruNotFoundException>(() => Plane.Artifacts.ReadAllAsync(new StoredValue(StoredValue.Bytes, "byte[]", new string('a', 64), 100_000, null)));

    [Fact]
    public async Task Store_TheSameManyTimesAtOnce_Works()
    {
        var stored = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Plane.Artifacts.StoreAsync(Json(Large))));

        Encoding.UTF8.GetString(await Plane.Artifacts.ReadAllAsync(stored[15])).ShouldBe(Large);
    }
}

public sealed class SqliteArtifactTests() : ArtifactSuite(new SqliteUnderTest());
