using System.Text.Json.Nodes;

namespace Kitaru.UnitTests.Images;

public sealed class ImageSettingsTests
{
    // Copied by hand from platform.md 1.12.
    private static readonly string[] Fields =
    [
        "base_image", "requirements", "dockerfile", "build_context_root", "environment", "secret_environment_from", "apt_packages",
        "replicate_local_python_environment", "image_tag", "target_repository", "user", "platform",
    ];

    private const string Full =
        """
        {"base_image":"img:1","requirements":["a","b"],"dockerfile":"Dockerfile","build_context_root":".","environment":{"A":"1","B":"x"},
         "secret_environment_from":["s"],"apt_packages":["git"],"replicate_local_python_environment":true,"image_tag":"t","target_repository":"r",
         "user":"app","platform":"linux/amd64"}
        """;

    [Fact]
    public void Parse_EveryField_IsReadAndWrittenBack()
    {
        var image = ImageSettings.Parse(JsonNode.Parse(Full));

        image.ToJson().Select(pair => pair.Key).ShouldBe(Fields);
        JsonNode.DeepEquals(image.ToJson(), JsonNode.Parse(Full)).ShouldBeTrue();
        new ImageSettings().ToJson().ShouldBeEmpty();
        new ImageSettings().ToJson(all: true).Select(pair => pair.Key).ShouldBe(Fields);
    }

    [Theory]
    [InlineData("python:3", "python:3")]
    [InlineData("  img:1 ", "img:1")]
    [InlineData("\"img:2\"", "img:2")]
    [InlineData("""{"base_image": "img:3"}""", "img:3")]
    [InlineData("""{"parent_image": "img:4"}""", "img:4")]
    public void ParseText_NameOrJson_GivesTheBaseImage(string text, string expected) => ImageSettings.ParseText(text).BaseImage.ShouldBe(expected);

    [Fact]
    public void Parse_EnvironmentOfPlainValues_BecomesTexts() =>
        ImageSettings.ParseText("""{"environment": {"A": 1, "B": 1.50, "C": true, "D": "", "E": " x "}}""").Environment
            .ShouldBe(new Dictionary<string, string> { ["A"] = "1", ["B"] = "1.50", ["C"] = "true", ["D"] = "", ["E"] = " x " }, ignoreOrder: true);

    [Theory]
    [InlineData("""{"base_imge": "x"}""", "base_imge", "Did you mean 'base_image'?")]
    [InlineData("""{"base_image": " "}""", "base_image", "not blank")]
    [InlineData("""{"base_image": 3}""", "base_image", "a text, got integer 3")]
    [InlineData("""{"base_image": "a", "parent_image": "b"}""", "parent_image", "not both")]
    [InlineData("""{"requirements": "a"}""", "requirements", "a list of texts")]
    [InlineData("""{"requirements": ["a", " "]}""", "requirements[1]", "not blank")]
    [InlineData("""{"requirements": ["a", null]}""", "requirements[1]", "a text, got null")]
    [InlineData("""{"environment": ["A"]}""", "environment", "an object of names and texts")]
    [InlineData("""{"environment": {" ": "x"}}""", "environment", "not blank")]
    [InlineData("""{"environment": {"A=B": "x"}}""", "environment", "without '='")]
    [InlineData("""{"environment": {"A\u0000": "x"}}""", "environment", "without NUL")]
    [InlineData("""{"environment": {"A": "x\u0000y"}}""", "environment.A", "without NUL")]
    [InlineData("""{"environment": {"A": null}}""", "environment.A", "a text, a number or a boolean")]
    [InlineData("""{"environment": {"A": {"b": 1}}}""", "environment.A", "a text, a number or a boolean")]
    [InlineData("""{"replicate_local_python_environment": "yes"}""", "replicate_local_python_environment", "true or false")]
    [InlineData("""["img"]""", "", "an image's name or an object")]
    [InlineData("""{"base_image": """, "", "not JSON")]
    [InlineData("  ", "", "not blank")]
    public void ParseText_Wrong_SaysFieldRuleAndWhatWasSeen(string text, string field, string rule)
    {
        var fault = Should.Throw<KitaruUsageException>(() => ImageSettings.ParseText(text, "KITARU_IMAGE"));

        fault.Message.ShouldStartWith("KITARU_IMAGE");
        fault.Message.ShouldContain(rule);
        fault.Details!["argument"]!.ToString().ShouldBe("KITARU_IMAGE");
        fault.Details["field"]!.ToString().ShouldBe(field);
        fault.NextStep.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void Parse_WrongValueOfAVariable_IsNotRepeated() =>
        Should.Throw<KitaruUsageException>(() => ImageSettings.ParseText("""{"environment": {"API_KEY": ["hush-hush"]}}""")).Message.ShouldNotContain("hush");

    [Fact]
    public void Over_MergesTheEnvironment_AndReplacesTheRest()
    {
        var lower = ImageSettings.Parse(JsonNode.Parse(Full));
        var upper = ImageSettings.ParseText("""{"environment": {"B": "y", "C": "z"}, "requirements": [], "user": "root"}""");

        var merged = upper.Over(lower);

        merged.Environment.ShouldBe(new Dictionary<string, string> { ["A"] = "1", ["B"] = "y", ["C"] = "z" }, ignoreOrder: true);
        merged.Requirements.ShouldBeEmpty();
        (merged.User, merged.BaseImage, merged.AptPackages!.Single()).ShouldBe(("root", "img:1", "git"));
        new ImageSettings().Over(lower).ToJson().ToJsonString().ShouldBe(lower.ToJson().ToJsonString());
    }

    [Theory]
    [InlineData("API_KEY", true)]
    [InlineData("my_token", true)]
    [InlineData("Author", true)]
    [InlineData("REGION", false)]
    public void Redacted_HidesWhatLooksSecret(string name, bool hidden) =>
        new ImageSettings { Environment = new Dictionary<string, string> { [name] = "value" } }.Redacted().Environment![name].ShouldBe(hidden ? "***" : "value");
}
