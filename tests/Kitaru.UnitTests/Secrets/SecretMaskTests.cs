using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Secrets;

namespace Kitaru.UnitTests.Secrets;

public class SecretMaskTests
{
    private const string Value = "pa\"ss+wörd/42\\x";

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Apply_AnySpelling_IsMasked_WithWhatStandsAround(string spelling)
    {
        var owners = new HashSet<string>();

        Mask(Value).Apply($"<{spelling}> and <{spelling}>", owners).ShouldBe("<***> and <***>");
        owners.ShouldBe(["test"]);
    }

    public static TheoryData<string> Spellings() =>
    [
        Value,
        JavaScriptEncoder.Default.Encode(Value),
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(Value),
        JsonSerializer.Serialize(Value).Trim('"'),
        Uri.EscapeDataString(Value),
        Uri.EscapeDataString(Value).ToLowerInvariant(),
        WebUtility.UrlEncode(Value),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Value)),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Value)).Replace('+', '-').Replace('/', '_').TrimEnd('='),
    ];

    [Theory]
    [InlineData("user:")]
    [InlineData("u:")]
    [InlineData("us:")]
    public void Apply_Base64OfALongerText_ShowsNothingOfTheValueButItsEnds(string before)
    {
        var header = Convert.ToBase64String(Encoding.UTF8.GetBytes(before + "correct horse battery" + "!"));

        var masked = Mask("correct horse battery").Apply(header);

        masked.ShouldContain("***");
        masked.Length.ShouldBeLessThan(before.Length * 4 / 3 + 12);
    }

    [Fact]
    public void Apply_TextWithoutAValue_IsTheSameInstance()
    {
        var text = "nothing to see";
        Mask(Value).Apply(text).ShouldBeSameAs(text);
        Mask("abcd").Apply("abc abd").ShouldBe("abc abd");
    }

    [Fact]
    public void Apply_OverlappingValues_GoTogether()
    {
        var mask = Mask("abcdef", "defghi", "abcdefghijkl");

        mask.Apply("-abcdefghi-").ShouldBe("-***-");
        mask.Apply("-abcdefghijkl-").ShouldBe("-***-");
        mask.Apply("-abcdefabcdef-").ShouldBe("-******-");
    }

    [Fact]
    public void Apply_ManyLines_AreMaskedOneByOneToo_UnlessTheyAreShort()
    {
        var mask = Mask("-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA\nshort\n");

        mask.Apply("line: MIIEpAIBAAKCAQEA!").ShouldBe("line: ***!");
        mask.Apply("short").ShouldBe("short");
        mask.Apply("-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA\nshort\n").ShouldBe("***");
        mask.Apply("-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA\nshort!").ShouldBe("***!");
    }

    [Fact]
    public void Apply_LongAndManyValues_TakesLittleMemory()
    {
        var values = Enumerable.Range(0, 64).Select(i => string.Concat(Enumerable.Repeat($"value {i} / \"{i * 31}\" ", i == 0 ? 3000 : 40))).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var mask = Mask(values);
        mask.Apply("a " + values[0] + " b " + values[63]).ShouldBe("a *** b ***");
        mask.Apply(values[7][..^3]).ShouldBe(values[7][..^3], "only the beginning of a value is there");

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(40_000_000);
    }

    [Fact]
    public void Plus_ShortValues_MaskNothing()
    {
        SecretMask.Plus(null, SecretOf("abc")).ShouldBeNull();
        var mask = Mask("abcd");
        SecretMask.Plus(mask, SecretOf("abcd")).ShouldBeSameAs(mask);
    }

    [Fact]
    public void Apply_Json_StaysJson_AndLeavesNumbersAlone()
    {
        var json = """{"1234":[1234,1234.50,"a 1234 b",null,true],"***":1,"deep":{"x1234":"1234"}}""";

        var masked = Encoding.UTF8.GetString(Mask("1234").ApplyToJson(Encoding.UTF8.GetBytes(json)));

        masked.ShouldBe("""{"***":[1234,1234.50,"a *** b",null,true],"***2":1,"deep":{"x***":"***"}}""");
    }

    [Fact]
    public void Apply_JsonThatSpellsTheValueOtherwise_IsMasked()
    {
        var bytes = Encoding.UTF8.GetBytes("""{"a":"\u0068unter2"}""");

        Encoding.UTF8.GetString(Mask("hunter2").ApplyToJson(bytes)).ShouldBe("""{"a":"***"}""");
        var clean = Encoding.UTF8.GetBytes("""{ "a" : 1.0 }""");
        Mask("hunter2").ApplyToJson(clean).ShouldBeSameAs(clean);
    }

    [Theory]
    [InlineData(StoredValue.Text)]
    [InlineData(StoredValue.Json)]
    [InlineData(StoredValue.Bytes)]
    public void Apply_StoredValue_HasTheHashOfWhatIsLeft(string mediaType)
    {
        var value = StoredValue.Of(mediaType, "System.Object", Encoding.UTF8.GetBytes("\"wörd hunter2\""));

        var masked = Mask("hunter2").Apply(value);

        Encoding.UTF8.GetString(masked.Inline!).ShouldBe("\"wörd ***\"");
        masked.ShouldBe(StoredValue.Of(mediaType, "System.Object", masked.Inline!));
    }

    [Fact]
    public void CutBefore_NeverCutsAnOccurrence()
    {
        var mask = Mask("hunter2hunter2hunter2");
        for (var i = 0; i < 60; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(new string('x', i) + "hunter2hunter2hunter2" + new string('y', 90));
            var cut = mask.CutBefore(bytes);
            cut.ShouldBeInRange(0, bytes.Length);
            (Encoding.UTF8.GetString(mask.Apply(bytes[..cut])) + Encoding.UTF8.GetString(mask.Apply(bytes[cut..]))).ShouldNotContain("unter2");
        }
    }

    [Fact]
    public void Apply_NodeWithoutAValue_IsTheSameInstance()
    {
        var node = new JsonObject { ["a"] = 1 };
        Mask("hunter2").Apply(node).ShouldBeSameAs(node);
        Mask("hunter2").Apply(new JsonObject { ["a"] = "x hunter2" })!.ToJsonString().ShouldBe("""{"a":"x ***"}""");
    }

    private static SecretMask Mask(params string[] values) => SecretMask.Plus(null, SecretOf(values)).ShouldNotBeNull();

    private static Secret SecretOf(params string[] values) => new(
        new SecretId(Guid.Empty), "test", false, DateTimeOffset.UnixEpoch, values.Select((value, i) => KeyValuePair.Create($"K{i}", value)));
}
