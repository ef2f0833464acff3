using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.UnitTests.Json;

public class JsonSchemaValidatorTests
{
    [Theory]
    [InlineData("""{"type":"integer"}""", "3")]
    [InlineData("""{"type":"integer"}""", "3.0")]
    [InlineData("""{"type":"number"}""", "3")]
    [InlineData("""{"type":["string","null"]}""", "null")]
    [InlineData("""{"enum":["a",1,null]}""", "1.0")]
    [InlineData("""{"const":{"a":[1]}}""", """{"a":[1]}""")]
    [InlineData("""{"type":"array","prefixItems":[{"type":"string"}],"items":{"type":"integer"}}""", """["a",1,2]""")]
    [InlineData("""{"type":"string","minLength":1,"maxLength":1}""", "\"😀\"")]
    [InlineData("""{"type":"string","pattern":"^a+$"}""", "\"aaa\"")]
    [InlineData("""{"format":"date-time"}""", "\"2026-06-16T08:30:00.5+02:00\"")]
    [InlineData("""{"format":"date"}""", "\"2026-06-16\"")]
    [InlineData("""{"format":"uuid"}""", "\"0199c0de-0000-7000-8000-000000000000\"")]
    [InlineData("""{"format":"uri"}""", "\"https://example.org/a?b=c\"")]
    [InlineData("""{"format":"email"}""", "\"ada@example.org\"")]
    [InlineData("""{"format":"a-word-nobody-knows"}""", "\"x\"")]
    [InlineData("""{"anyOf":[{"type":"string"},{"maximum":5}]}""", "5")]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"integer"}]}""", "5")]
    [InlineData("""{"not":{"type":"string"}}""", "5")]
    [InlineData("""{"$ref":"#/$defs/a~1b","$defs":{"a/b":{"type":"integer"}}}""", "5")]
    [InlineData("""{"$ref":"#/definitions/n","definitions":{"n":{"type":"object","properties":{"next":{"$ref":"#/definitions/n"}}}}}""", """{"next":{"next":{}}}""")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"integer"}}""", """{"a":1}""")]
    [InlineData("""{"properties":{"a":{}},"patternProperties":{"^x-":true},"additionalProperties":false}""", """{"a":null,"x-b":1}""")]
    [InlineData("{}", "[1,{\"a\":null}]")]
    public void Validate_FittingValue_SaysNothing(string schema, string value) => Check(schema, value).ShouldBeEmpty();

    [Theory]
    [InlineData("""{"type":"integer"}""", "1.5", "$: expected integer, got number 1.5")]
    [InlineData("""{"type":"integer"}""", "\"1\"", "$: expected integer, got string \"1\"")]
    [InlineData("""{"type":"integer"}""", "true", "$: expected integer, got boolean true")]
    [InlineData("""{"type":"object"}""", "[]", "$: expected object, got array of 0")]
    [InlineData("""{"enum":["a","b"]}""", "\"c\"", "$: expected one of \"a\", \"b\", got string \"c\"")]
    [InlineData("""{"const":3}""", "4", "$: expected 3, got integer 4")]
    [InlineData("""{"minimum":3}""", "2", "$: expected at least 3, got integer 2")]
    [InlineData("""{"exclusiveMaximum":3}""", "3", "$: expected less than 3, got integer 3")]
    [InlineData("""{"maximum":9007199254740992}""", "9007199254740993", "$: expected at most 9007199254740992, got integer 9007199254740993")]
    [InlineData("""{"multipleOf":0.1}""", "0.25", "$: expected a multiple of 0.1, got number 0.25")]
    [InlineData("""{"minLength":2}""", "\"€\"", "$: expected at least 2 characters, got string \"€\"")]
    [InlineData("""{"pattern":"^a$"}""", "\"b\"", "$: expected text that matches ^a$, got string \"b\"")]
    [InlineData("""{"format":"date"}""", "\"2026-02-30\"", "$: expected format date such as 2026-06-16, got string \"2026-02-30\"")]
    [InlineData("""{"format":"date-time"}""", "\"2026-06-16T08:30:00\"", "$: expected format date-time such as 2026-06-16T08:30:00Z, got string \"2026-06-16T08:30:00\"")]
    [InlineData("""{"maxItems":1}""", "[1,2]", "$: expected at most 1 items, got array of 2")]
    [InlineData("""{"uniqueItems":true}""", "[1,2,1.0]", "$[2]: repeats $[0], expected unique items")]
    [InlineData("""{"items":{"properties":{"n":{"type":"integer"}}}}""", """[{},{"n":"x"}]""", "$[1].n: expected integer, got string \"x\"")]
    [InlineData("""{"required":["a"],"properties":{"a":{"type":"string"}}}""", "{}", "$.a: is required and missing, expected string")]
    [InlineData("""{"properties":{"topic":{}},"additionalProperties":false}""", """{"topik":1}""", "$.topik: is not a known key. Did you mean 'topic'? Known keys: topic.")]
    [InlineData("""{"properties":{"a b":{"type":"null"}}}""", """{"a b":1}""", "$['a b']: expected null, got integer 1")]
    [InlineData("""{"anyOf":[{"type":"null"},{"type":"object","required":["a","b"]}]}""", "{}", "$: fits none of 2 alternatives; nearest: $.a: is required and missing")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":0}]}""", "1", "$: fits 2 of the alternatives, expected exactly one")]
    [InlineData("""{"not":{"type":"integer"}}""", "1", "$: must not match {\"type\":\"integer\"}, got integer 1")]
    [InlineData("""{"$ref":"#/$defs/nowhere"}""", "1", "$: the schema refers to '#/$defs/nowhere', which is not in it")]
    [InlineData("""{"$ref":"https://example.org/schema"}""", "1", "$: the schema refers to 'https://example.org/schema', which is not in it")]
    public void Validate_Misfit_NamesPathExpectedAndGot(string schema, string value, string message) =>
        Check(schema, value).ShouldBe([message]);

    [Theory]
    [InlineData("""{"$ref":"#"}""", "1")]
    [InlineData("""{"not":{"$ref":"#"}}""", "1")]
    [InlineData("""{"anyOf":[{"$ref":"#"},{"$ref":"#"}]}""", "1")]
    [InlineData("""{"allOf":[{"anyOf":[{"$ref":"#"},{"$ref":"#"}]},{"anyOf":[{"$ref":"#"},{"$ref":"#"}]}]}""", "[[[[[[[[]]]]]]]]")]
    [InlineData("""{"pattern":"^(a+)+$"}""", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"")]
    [InlineData("""{"not":{"pattern":"^(a+)+$"}}""", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"")]
    [InlineData("""{"pattern":"("}""", "\"x\"")]
    public void Validate_HostileSchema_EndsAndDoesNotPass(string schema, string value) => Check(schema, value).ShouldNotBeEmpty();

    [Fact]
    public void Validate_ManyFaults_StopsAtTheLimit()
    {
        var value = new JsonArray([.. Enumerable.Range(0, 1000).Select(number => (JsonNode)number)]);
        JsonSchemaValidator.Validate((JsonObject)JsonNode.Parse("""{"items":{"type":"string"}}""")!, value)
            .Count.ShouldBe(JsonSchemaValidator.ErrorsMax);
    }

    [Fact]
    public void Validate_NodesMadeInMemory_AreReadLikeParsedOnes()
    {
        var schema = (JsonObject)JsonNode.Parse("""{"properties":{"id":{"format":"uuid"},"n":{"type":"integer"},"at":{"format":"date-time"}}}""")!;
        JsonSchemaValidator.Validate(schema, new JsonObject
        {
            ["id"] = JsonValue.Create(Guid.Empty),
            ["n"] = 5L,
            ["at"] = JsonValue.Create(new DateTimeOffset(2026, 6, 16, 8, 30, 0, TimeSpan.Zero)),
        }).ShouldBeEmpty();
    }

    private static IReadOnlyList<string> Check(string schema, string value) =>
        JsonSchemaValidator.Validate((JsonObject)JsonNode.Parse(schema)!, JsonNode.Parse(value));
}
