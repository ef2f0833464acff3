using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Kitaru.Core;
using Kitaru.Core.Flows;

namespace Kitaru.StoreTests.Snapshots;

public abstract class SnapshotSuite : StoreSuite
{
    private protected SnapshotSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Put_ThenFind_GivesTheManifestBack_AndTheFirstOneStays()
    {
        var flow = new FlowDefinition
        {
            Name = "greet",
            Type = "My.Flows",
            Method = "Greet",
            Description = "Says hello.",
            Parameters = [new FlowParameter { Name = "topic", Required = true, Schema = new() { ["type"] = "string" } }],
            Cache = false,
        };
        var snapshot = new SnapshotRecord(Code, new FlowManifest { Kitaru = "0.1.0", Flows = [flow] }, Time.Now, 1234);
        await Plane.Snapshots.PutAsync(snapshot);
        await Plane.Snapshots.PutAsync(snapshot with { SizeBytes = 1 });

        var read = (await Plane.Snapshots.FindAsync(Code)).ShouldNotBeNull();

        (read.Id, read.CreatedAt, read.SizeBytes, read.Manifest.Kitaru).ShouldBe((Code, Time.Now, 1234, "0.1.0"));
        var readFlow = read.Manifest.Flows.ShouldHaveSingleItem();
        (readFlow.Name, readFlow.Method, readFlow.Description, readFlow.Cache).ShouldBe(("greet", "Greet", "Says hello.", false));
        readFlow.Parameters.ShouldHaveSingleItem().Schema["type"]!.ToString().ShouldBe("string");
        (await Plane.Snapshots.FindAsync(new SnapshotId("none"))).ShouldBeNull();
    }

    [Fact]
    public async Task Content_OfTheSnapshot_IsKeptAndGivenBack_OnEveryProcess()
    {
        var (id, archive) = Pack(("a.dll", "one"), ("data/b.txt", new string('b', 300_000)));
        (await Plane.Snapshots.HasContentAsync(id)).ShouldBeFalse();
        await Should.ThrowAsync<KitaruNotFoundException>(() => Plane.Snapshots.StoreContentAsync(id, new MemoryStream(archive)));
        await Should.ThrowAsync<KitaruNotFoundException>(() => Plane.Snapshots.OpenContentAsync(id));
        await PutAsync(id);

        await Plane.Snapshots.StoreContentAsync(id, new MemoryStream(archive));
        await Plane.Snapshots.StoreContentAsync(id, new MemoryStream(archive));

        var other = await OpenAsync();
        (await other.Snapshots.HasContentAsync(id)).ShouldBeTrue();
        using var zip = new ZipArchive(await other.Snapshots.OpenContentAsync(id));
        zip.Entries.Select(entry => entry.FullName).ShouldBe(["a.dll", "data/b.txt"]);
        Time.Advance(TimeSpan.FromDays(2));
        await Plane.Retention.SweepAsync();
        (await Plane.Snapshots.HasContentAsync(id)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("../evil.dll")]
    [InlineData("/etc/evil")]
    [InlineData("a/../../evil")]
    [InlineData("a\\b.dll")]
    [InlineData("C:evil.dll")]
    [InlineData("a//b.dll")]
    [InlineData("a/.")]
    [InlineData("a.dll ")]
    public async Task Content_WithAPathThatLeadsElsewhere_IsRefused(string name) => await RefusedAsync("relative path", (name, "x"));

    [Fact]
    public async Task Content_ThatIsAnotherSnapshots_IsRefused()
    {
        var (id, _) = Pack(("a.dll", "one"));
        await PutAsync(id);
        await RefusedAsync(id, Pack(("a.dll", "two")).Archive, "are those of snapshot");
        await RefusedAsync(id, [1, 2, 3], "no zip archive");
        (await Plane.Snapshots.HasContentAsync(id)).ShouldBeFalse();
    }

    [Fact]
    public async Task Content_ThatIsABomb_IsRefused()
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("zeros.bin").Open();
            for (var i = 0; i < 64; i++)
                entry.Write(new byte[1024 * 1024]);
        }
        var id = Pack(("a.dll", "one")).Id;
        await PutAsync(id);
        await RefusedAsync(id, buffer.ToArray(), "times its size");
    }

    [Fact]
    public async Task Content_WithTheSameFileTwice_OrALink_IsRefused()
    {
        await RefusedAsync("twice", ("a.dll", "x"), ("A.dll", "y"));
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            var entry = zip.CreateEntry("link");
            entry.ExternalAttributes = unchecked((int)0xA1FF0000);
            using var target = entry.Open();
            target.Write("/etc/passwd"u8);
        }
        var id = Pack(("a.dll", "one")).Id;
        await PutAsync(id);
        await RefusedAsync(id, buffer.ToArray(), "is a link");
    }

    private async Task RefusedAsync(string why, params (string Name, string Text)[] files)
    {
        var (id, archive) = Pack(files);
        await PutAsync(id);
        await RefusedAsync(id, archive, why);
    }

    private async Task RefusedAsync(SnapshotId id, byte[] archive, string why) =>
        (await Should.ThrowAsync<KitaruUsageException>(() => Plane.Snapshots.StoreContentAsync(id, new MemoryStream(archive)))).Message.ShouldContain(why);

    private Task PutAsync(SnapshotId id) => Plane.Snapshots.PutAsync(new SnapshotRecord(id, new FlowManifest(), Time.Now, 1));

    private static (SnapshotId Id, byte[] Archive) Pack(params (string Name, string Text)[] files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in files.OrderBy(file => file.Name, StringComparer.Ordinal))
            {
                hash.AppendData(Encoding.UTF8.GetBytes(name + "\n"));
                hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }
        return (new SnapshotId(Convert.ToHexStringLower(hash.GetHashAndReset())), buffer.ToArray());
    }
}

public sealed class SqliteSnapshotTests() : SnapshotSuite(new SqliteUnderTest());
