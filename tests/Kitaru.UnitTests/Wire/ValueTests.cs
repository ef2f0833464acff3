using System.Text;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.UnitTests.Wire;

public class ValueTests
{
    [Fact]
    public async Task Load_SmallJson_IsShownAsItIs() =>
        (await ValueJson.LoadAsync(new Bytes([]), Samples.Json("""{"a":[1,"é"]}"""), null))!.ToJsonString(Core.Json.KitaruJson.Options)
            .ShouldBe("""{"a":[1,"é"]}""");

    [Fact]
    public async Task Load_LargeText_IsAPreviewThatSaysHowToReadTheRest()
    {
        var value = StoredValue.Of(StoredValue.Text, "System.String", Encoding.UTF8.GetBytes(new string('é', 5000)));
        var preview = (await ValueJson.LoadAsync(new Bytes(value.Inline!), value with { Inline = null }, "read it"))!.AsObject();
        preview["truncated"]!.GetValue<bool>().ShouldBeTrue();
        preview["preview"]!.ToString().ShouldBe(new string('é', 512));
        preview["size_bytes"]!.GetValue<long>().ShouldBe(10_000);
        preview["hash"]!.ToString().ShouldBe(value.Hash);
        preview["read_with"]!.ToString().ShouldBe("read it");
    }

    [Fact]
    public async Task Load_RawBytes_AreNeverShown() =>
        (await ValueJson.LoadAsync(new Bytes([]), StoredValue.Of(StoredValue.Bytes, "byte[]", [1, 2]), null))!["preview"].ShouldBeNull();

    [Fact]
    public async Task Read_WholeJson_IsJson()
    {
        var range = await ReadAsync(Samples.Json("""{"rows":3}"""), 0, 100);
        (range.Format, range.Truncated, range.NextOffset).ShouldBe(("json", false, null));
        range.Value!["rows"]!.GetValue<int>().ShouldBe(3);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(66)]
    [InlineData(67)]
    public async Task Read_TextInParts_JoinsToTheWhole(int count)
    {
        var text = string.Concat(Enumerable.Repeat("aé€😀", 50));
        var value = StoredValue.Of(StoredValue.Text, "System.String", Encoding.UTF8.GetBytes(text));
        var (joined, offset) = ("", (long?)0);
        while (offset is { } from)
        {
            var range = await ReadAsync(value, from, count);
            range.Format.ShouldBe("text");
            range.Truncated.ShouldBeTrue();
            range.Offset.ShouldBe(from);
            joined += range.Value!.ToString();
            offset = range.NextOffset;
        }
        joined.ShouldBe(text);
    }

    [Fact]
    public async Task Read_Bytes_AreBase64()
    {
        var range = await ReadAsync(StoredValue.Of(StoredValue.Bytes, "byte[]", [1, 2, 3]), 1, 64);
        (range.Format, range.Value!.ToString(), range.Offset, range.NextOffset).ShouldBe(("base64", "AgM=", 1, null));
    }

    [Fact]
    public async Task Read_DamagedJson_IsText() => (await ReadAsync(Samples.Json("""{"rows":"""), 0, 100)).Format.ShouldBe("text");

    [Theory]
    [InlineData(0, "2026-06-16T08:30:00+00:00")]
    [InlineData(1_250_000, "2026-06-16T08:30:00.125000+00:00")]
    [InlineData(9, "2026-06-16T08:30:00+00:00")]
    public void Time_Text_HasMicrosecondsOnlyWhenNotZero(long ticks, string text) =>
        WireTime.Text(Samples.Time.AddTicks(ticks).ToOffset(TimeSpan.FromHours(2))).ShouldBe(text);

    [Fact]
    public void Log_Line_LeavesUnknownPartsOut()
    {
        var entry = new LogEntry { Message = "fetched 3 rows", Level = "info", Timestamp = Samples.Time.AddSeconds(1), Checkpoint = "fetch" };
        LogJson.Lines([entry, entry with { Level = null, Checkpoint = null, Message = "a\nb" }])
            .ShouldBe("2026-06-16T08:30:01+00:00 INFO [fetch] fetched 3 rows\n2026-06-16T08:30:01+00:00 a\nb");
        LogJson.Lines([]).ShouldBe("No log entries found.");
        LogJson.Of(entry).Select(pair => pair.Key).ShouldBe(["message", "level", "timestamp", "source", "checkpoint_name"]);
    }

    private static Task<ValueRange> ReadAsync(StoredValue value, long offset, int count) =>
        ValueRange.ReadAsync(new Bytes(value.Inline!), value, offset, count);

    /// <summary>Artifacts whose only value is these bytes.</summary>
    private sealed class Bytes(byte[] bytes) : IArtifacts
    {
        public Task<byte[]> ReadAsync(StoredValue value, long offset, int count, CancellationToken cancellationToken = default) =>
            Task.FromResult(bytes.Skip((int)offset).Take(count).ToArray());

        public Task<ArtifactRecord> GetAsync(ArtifactId id, CancellationToken cancellationToken = default) => throw new InvalidOperationException();

        public Task<byte[]> ReadAllAsync(StoredValue value, CancellationToken cancellationToken = default) => throw new InvalidOperationException();

        public Task<StoredValue> StoreAsync(StoredValue value, CancellationToken cancellationToken = default) => throw new InvalidOperationException();
    }
}
