using Kitaru.Core;

namespace Kitaru.UnitTests.Retention;

public class RetentionRulesTests
{
    [Theory]
    [InlineData("completed=30d,failed=90d,cancelled=30d", "completed=30d,failed=90d,cancelled=30d")]
    [InlineData(" Failed = 12h ", "failed=12h")]
    [InlineData("cancelled=48h,completed=1d,", "completed=1d,cancelled=2d")]
    [InlineData("", "")]
    public void Parse_Rules_ReadBackTheSame(string text, string shown) => RetentionRules.Parse(text).ToString().ShouldBe(shown);

    [Theory]
    [InlineData("completed", "'completed' is not a rule")]
    [InlineData("complete=30d", "Did you mean 'completed'?")]
    [InlineData("waiting=30d", "'waiting=30d' is not a rule")]
    [InlineData("completed=30", "'30' is not an age")]
    [InlineData("completed=d", "'d' is not an age")]
    [InlineData("completed=0d", "'0d' is not an age")]
    [InlineData("completed=-1d", "'-1d' is not an age")]
    [InlineData("completed=1.5d", "'1.5d' is not an age")]
    [InlineData("completed=99999d", "up to 36500d")]
    [InlineData("completed=30m", "'30m' is not an age")]
    [InlineData("completed=1d,completed=2d", "'completed' is there twice")]
    public void Parse_Nonsense_IsRefusedInWords(string text, string said)
    {
        var error = Should.Throw<KitaruUsageException>(() => RetentionRules.Parse(text));
        error.Message.ShouldContain(said);
        error.Message.ShouldStartWith("KITARU_RETENTION:");
        error.NextStep!.ShouldContain("KITARU_RETENTION=completed=30d");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    public void FromEnvironment_NotSet_IsNone(string? value) => RetentionRules.FromEnvironment(_ => value).ShouldBeSameAs(RetentionRules.None);
}
