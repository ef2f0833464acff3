using System.Text.Json.Nodes;
using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;

namespace Kitaru.StoreTests.Stacks;

public abstract class StackSuite : StoreSuite
{
    protected static readonly StackRequest WithCredentials = new()
    {
        Name = "cloud",
        Type = "sagemaker",
        ArtifactStore = "s3://bucket",
        ContainerRegistry = "1.dkr.ecr.eu-central-1.amazonaws.com",
        Region = "eu-central-1",
        ExecutionRole = "arn:aws:iam::123456789012:role/r",
        Credentials = "aws-access-keys:ID:hush",
    };

    private protected StackSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Create_ThenFindByNameAndId_GivesItBack()
    {
        var extra = new JsonObject { ["orchestrator"] = new JsonObject { ["concurrency"] = 3, ["idle_seconds"] = 1.5, ["environment"] = new JsonObject { ["A"] = "1" } } };

        var made = await Plane.Stacks.CreateAsync(new StackRequest { Name = " dev ", Extra = extra });

        (made.Name, made.Type, made.IsManaged, made.CreatedAt).ShouldBe(("dev", "local", true, Time.Now));
        foreach (var reference in new[] { "dev", made.Id.ToString() })
        {
            var found = (await Plane.Stacks.FindAsync(reference)).ShouldNotBeNull();
            (found.Id, found.Name, found.CreatedAt).ShouldBe((made.Id, "dev", made.CreatedAt));
            found.Settings.ToJsonString().ShouldBe(made.Settings.ToJsonString());
        }
        (await Plane.Stacks.FindAsync("Dev")).ShouldBeNull();
        (await Plane.Stacks.FindAsync("")).ShouldBeNull();
    }

    [Fact]
    public async Task List_BuiltInFirst_OthersByName()
    {
        await Plane.Stacks.CreateAsync(new StackRequest { Name = "b" });
        await Plane.Stacks.CreateAsync(new StackRequest { Name = "a" });

        (await Plane.Stacks.ListAsync()).Select(stack => stack.Name).ShouldBe(["default", "a", "b"]);
        (await Plane.Stacks.FindAsync("default")).ShouldBe(StackRecord.BuiltIn);
        (await Plane.Stacks.FindAsync(StackRecord.BuiltIn.Id.ToString())).ShouldBe(StackRecord.BuiltIn);
    }

    [Theory]
    [InlineData("default")]
    [InlineData("dev")]
    public async Task Create_NameIsTaken_LeavesTheFirst(string name)
    {
        await Plane.Stacks.CreateAsync(new StackRequest { Name = "dev" });

        await Should.ThrowAsync<KitaruStateException>(() => Plane.Stacks.CreateAsync(new StackRequest { Name = name }));

        (await Plane.Stacks.ListAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Create_ManyAtOnceUnderOneName_OneIsMade()
    {
        var other = await OpenAsync();
        var tries = Enumerable.Range(0, 16).Select(async i =>
        {
            try
            {
                await (i % 2 == 0 ? Plane : other).Stacks.CreateAsync(new StackRequest { Name = "dev" });
                return 1;
            }
            catch (KitaruStateException)
            {
                return 0;
            }
        });

        (await Task.WhenAll(tries)).Sum().ShouldBe(1);
    }

    [Fact]
    public async Task Delete_TakesItAway_AndTheBuiltInOneStays()
    {
        var made = await Plane.Stacks.CreateAsync(new StackRequest { Name = "dev" });

        (await Plane.Stacks.DeleteAsync("dev")).Id.ShouldBe(made.Id);

        (await Plane.Stacks.FindAsync(made.Id.ToString())).ShouldBeNull();
        await Should.ThrowAsync<KitaruStateException>(() => Plane.Stacks.DeleteAsync("dev"));
        await Should.ThrowAsync<KitaruStateException>(() => Plane.Stacks.DeleteAsync("default"));
        (await Plane.Stacks.CreateAsync(new StackRequest { Name = "dev" })).Id.ShouldNotBe(made.Id);
    }

    [Fact]
    public async Task Create_WithCredentialsManyAtOnce_OneSecretIsLeft_AndGoesWithItsStack()
    {
        var other = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await (i % 2 == 0 ? Plane : other).Stacks.CreateAsync(WithCredentials);
            }
            catch (KitaruStateException)
            {
            }
        }));

        var stack = (await Plane.Stacks.FindAsync("cloud")).ShouldNotBeNull();
        var secret = (await Plane.Secrets.ListAsync()).ShouldHaveSingleItem();
        stack.Settings["credentials"]!["secret"]!.ToString().ShouldBe(secret.Id.ToString());
        (await Plane.Secrets.ReadAsync(secret.Name)).Keys.ShouldBe(["id", "secret"], ignoreOrder: true);

        await Plane.Stacks.DeleteAsync("cloud");

        (await Plane.Secrets.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Delete_SecretOfItsCredentialsIsGone_TakesItAway()
    {
        await Plane.Stacks.CreateAsync(WithCredentials);
        await Plane.Secrets.DeleteAsync((await Plane.Secrets.ListAsync()).Single().Name);

        await Plane.Stacks.DeleteAsync("cloud");

        (await Plane.Stacks.FindAsync("cloud")).ShouldBeNull();
    }

    [Fact]
    public async Task Prepare_LocalStack_GivesOptionsAndImageToItsWorkers()
    {
        var stack = await Plane.Stacks.CreateAsync(new StackRequest
        {
            Name = "dev",
            Extra = new() { ["orchestrator"] = new JsonObject { ["concurrency"] = 3, ["idle_seconds"] = 0, ["environment"] = new JsonObject { ["A"] = "stack", ["B"] = "stack" } } },
        });
        var image = ImageSettings.ParseText("""{"base_image":"x","environment":{"B":"image","C":"image"}}""");

        var launch = await Plane.Stacks.PrepareAsync((await Plane.Stacks.FindAsync("dev"))!, image);

        (launch.Environment.Stack, launch.Environment.Concurrency, launch.Environment.IdleSeconds).ShouldBe(("dev", 3, 0));
        launch.Environment.Variables.ShouldBe(new Dictionary<string, string> { ["A"] = "stack", ["B"] = "image", ["C"] = "image" }, ignoreOrder: true);
        launch.Warning.ShouldNotBeNull().ShouldContain("base_image");
        (await Plane.Stacks.PrepareAsync(stack, null)).Warning.ShouldBeNull();
        (await Plane.Stacks.PrepareAsync(StackRecord.BuiltIn, null)).Environment.Id().ShouldBe(EnvironmentId.Plain);
    }

    [Fact]
    public async Task Delete_WhileAnExecutionOfItRuns_ItGoesOnInItsEnvironment()
    {
        var stack = await Plane.Stacks.CreateAsync(new StackRequest { Name = "dev", Extra = new() { ["orchestrator"] = new JsonObject { ["concurrency"] = 2 } } });
        var launch = await Plane.Stacks.PrepareAsync(stack, null);
        var execution = await Plane.Executions.CreateAsync(New() with { StackName = "dev", Environment = launch.Environment });

        await Plane.Stacks.DeleteAsync("dev");

        (await Plane.Workers.GetEnvironmentAsync(execution.Environment)).Concurrency.ShouldBe(2);
        (await FindAsync(execution.Id)).StackName.ShouldBe("dev");
    }
}

public sealed class SqliteStackTests() : StackSuite(new SqliteUnderTest())
{
    [Theory]
    [InlineData("INSERT ON stack")]
    [InlineData("INSERT ON secret_value")]
    [InlineData("DELETE ON stack")]
    [InlineData("DELETE ON secret")]
    public async Task Change_FailsBetweenStackAndSecret_LeavesBothOrNeither(string fails)
    {
        var isThere = fails.StartsWith("DELETE", StringComparison.Ordinal);
        if (isThere)
            await Plane.Stacks.CreateAsync(WithCredentials);
        using (var intruder = SqliteConnection.Open(((SqliteUnderTest)Store).Directory.Database, 1000))
            intruder.Script($"CREATE TRIGGER fails BEFORE {fails} BEGIN SELECT RAISE(ABORT, 'no'); END");

        await Should.ThrowAsync<Exception>(() => isThere ? Plane.Stacks.DeleteAsync("cloud") : Plane.Stacks.CreateAsync(WithCredentials));

        (await Plane.Stacks.FindAsync("cloud") is not null).ShouldBe(isThere);
        (await Plane.Secrets.ListAsync()).Count.ShouldBe(isThere ? 1 : 0);
    }
}

public sealed class MemoryStackTests() : StackSuite(new MemoryUnderTest());
