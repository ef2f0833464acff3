namespace Kitaru.CliTests.Stacks;

public class CreateTests
{
    [Fact]
    public async Task Create_FromAFile_OptionsWin()
    {
        await using var world = new CliWorld();
        world.Write("stack.yaml", "name: big\ntype: kubernetes\nartifact-store: s3://bucket\ncontainer_registry: 1.dkr.ecr.eu-central-1.amazonaws.com\ncluster: one\nregion: eu-central-1\nactivate: false\nextra:\n  orchestrator: {synchronous: true}\n");

        var made = (await world.RunAsync("stack", "create", "-f", "stack.yaml", "--cluster", "two", "-o", "json")).ShouldSucceed().Item;

        made["name"]!.ToString().ShouldBe("big");
        made["is_active"]!.GetValue<bool>().ShouldBeFalse();
        made["resources"]!["cluster"]!.ToString().ShouldBe("two");
        made["resources"]!["artifact_store"]!.ToString().ShouldBe("s3://bucket");
    }

    [Theory]
    [InlineData("name: a\nnmae: b\n", "there is no key 'nmae'. Did you mean 'name'?")]
    [InlineData("name: [a]\n", "name: expected a text, got array")]
    [InlineData("- a\n", "expected a mapping")]
    [InlineData("a: &x b\nname: *x\n", "references (& and *) are not taken here")]
    [InlineData("name: a\nname: b\n", "the key 'name' stands there twice")]
    [InlineData("artifact_store: s3://a\nartifact-store: s3://b\n", "stands there in two spellings")]
    [InlineData("verify: maybe\n", "verify: expected true or false, got string")]
    public async Task Create_FromAWrongFile_IsRefused(string yaml, string message)
    {
        await using var world = new CliWorld();
        world.Write("stack.yaml", yaml);
        (await world.RunAsync("stack", "create", "-f", "stack.yaml")).ShouldFail().Error.ShouldContain(message);
    }

    [Theory]
    [InlineData("--cluster one", "--cluster: only for stacks of type kubernetes; this one is of type local.")]
    [InlineData("--type kubernetes --region x", "A stack of type kubernetes needs --artifact-store, --container-registry, --cluster.")]
    [InlineData("--async", "--async: only for stacks")]
    [InlineData("--no-verify", "--no-verify: only for stacks")]
    [InlineData("--extra orchestrator=4", "--extra: expected TARGET.FIELD=VALUE")]
    [InlineData("--extra orchestrator.concurency=4", "Did you mean 'concurrency'?")]
    public async Task Create_OfWrongOptions_IsSaidInOptions(string line, string message)
    {
        await using var world = new CliWorld();
        (await world.RunAsync(["stack", "create", "a", .. line.Split(' ')])).ShouldFail().Error.ShouldContain(message);
    }

    [Fact]
    public async Task Extra_OfALocalStack_IsStored()
    {
        await using var world = new CliWorld();
        (await world.RunAsync("stack", "create", "a", "--extra", "orchestrator.concurrency=4", "--extra", "orchestrator.environment={A: b}")).ShouldSucceed().Output.ShouldContain("Active stack: default -> a");
    }

    [Fact]
    public async Task Use_OfAMisspeltStack_OffersTheNearest()
    {
        await using var world = new CliWorld();
        var error = (await world.RunAsync("stack", "use", "defualt")).ShouldFail().Error;
        error.ShouldContain("Did you mean 'default'?");
        error.ShouldContain("kitaru stack list");
        error.ShouldNotContain("kitaru_");
    }
}
