using Kitaru.Core;

namespace Kitaru.StoreTests.Secrets;

public abstract class SecretSuite : StoreSuite
{
    private protected SecretSuite(IStoreUnderTest store) : base(store)
    {
    }

    private ISecrets Secrets => Plane.Secrets;

    [Fact]
    public async Task Create_ThenRead_GivesTheValuesBack()
    {
        var made = await Secrets.CreateAsync("  openai-creds ", Values(("API_KEY", "sk-1"), ("ORG", "Ærø 🗝\nline two")), isPrivate: true);

        (made.Name, made.IsPrivate, made.UpdatedAt).ShouldBe(("openai-creds", true, Time.Now));
        made.Keys.ShouldBe(["API_KEY", "ORG"]);
        foreach (var nameOrId in (string[])["openai-creds", " openai-creds ", made.Id.ToString()])
        {
            var read = await Secrets.ReadAsync(nameOrId);
            (read.Id, read.Name, read.IsPrivate, read.Get("API_KEY"), read.Get("ORG")).ShouldBe((made.Id, "openai-creds", true, "sk-1", "Ærø 🗝\nline two"));
            (read.Get("NONE"), read.Get("NONE", "other")).ShouldBe((null, "other"));
        }
        (await Secrets.FindAsync("openai-creds")).ShouldNotBeNull().Keys.ShouldBe(made.Keys);
    }

    [Fact]
    public async Task Read_OfAnotherOpenStore_GivesTheValues()
    {
        await Secrets.CreateAsync("a", Values(("K", "value")));

        await using var other = await OpenAsync();

        (await other.Secrets.ReadAsync("a")).Get("K").ShouldBe("value");
    }

    [Fact]
    public async Task Create_OfANameThatIsTaken_IsRefused_AndChangesNothing()
    {
        await Secrets.CreateAsync("a", Values(("K", "first-value")));

        var error = await Should.ThrowAsync<KitaruRuntimeException>(() => Secrets.CreateAsync("a ", Values(("K", "second-value"))));

        error.Code.ShouldBe("KitaruRuntimeError");
        error.Message.ShouldContain("'a'");
        (error.Message + error.NextStep).ShouldNotContain("second-value");
        (await Secrets.ReadAsync("a")).Get("K").ShouldBe("first-value");
    }

    [Fact]
    public async Task Set_OfANewName_CreatesIt_AndOfAnOldOne_ChangesJustTheseKeys()
    {
        var (first, created) = await Secrets.SetAsync("a", Values(("A", "1111"), ("B", "2222")), isPrivate: true);
        created.ShouldBeTrue();
        var (second, createdAgain) = await Secrets.SetAsync("a", Values(("B", "new"), ("C", "3333")), isPrivate: false);

        createdAgain.ShouldBeFalse();
        (second.Id, second.IsPrivate).ShouldBe((first.Id, true));
        second.Keys.ShouldBe(["A", "B", "C"]);
        second.UpdatedAt.ShouldBeGreaterThan(first.UpdatedAt, "whoever watches must see a change even within one tick of the clock");
        var read = await Secrets.ReadAsync("a");
        (read.Get("A"), read.Get("B"), read.Get("C")).ShouldBe(("1111", "new", "3333"));
    }

    [Fact]
    public async Task List_IsOrderedByLowerCaseName_AndEmptyAtFirst()
    {
        (await Secrets.ListAsync()).ShouldBeEmpty();
        foreach (var name in (string[])["b", "A", "a", "C"])
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Secrets.CreateAsync(name, Values(("K", "value")));
        }

        var names = (await Secrets.ListAsync()).Select(secret => secret.Name).ToList();

        names.Select(name => name.ToLowerInvariant()).ShouldBe(["a", "a", "b", "c"]);
        names.ShouldBe(["A", "a", "b", "C"], "equal names are in the order of their ids, which are in the order of time");
    }

    [Fact]
    public async Task Delete_ReturnsWhatWasThere_AndTheNameIsFree()
    {
        var made = await Secrets.CreateAsync("a", Values(("K", "value")));

        var deleted = await Secrets.DeleteAsync(made.Id.ToString());

        (deleted.Id, deleted.Name).ShouldBe((made.Id, "a"));
        deleted.Keys.ShouldBe(["K"]);
        (await Secrets.FindAsync("a")).ShouldBeNull();
        (await Should.ThrowAsync<KitaruNotFoundException>(() => Secrets.ReadAsync("a"))).Message.ShouldContain("'a'");
        await Should.ThrowAsync<KitaruNotFoundException>(() => Secrets.DeleteAsync("a"));
        (await Secrets.CreateAsync("a", Values(("K", "again")))).Id.ShouldNotBe(made.Id);
    }

    [Fact]
    public async Task Lookup_TakesIdOrExactName_AndNoNameLooksLikeAnId()
    {
        var first = await Secrets.CreateAsync("first", Values(("K", "value-1")));
        await Should.ThrowAsync<KitaruUsageException>(() => Secrets.CreateAsync(first.Id.ToString(), Values(("K", "value-2"))));

        (await Secrets.ReadAsync(first.Id.ToString())).Get("K").ShouldBe("value-1");
        (await Secrets.FindAsync("fir")).ShouldBeNull();
        (await Secrets.FindAsync("FIRST")).ShouldBeNull();
        await Should.ThrowAsync<KitaruUsageException>(() => Secrets.FindAsync(" "));
    }

    public static TheoryData<string, string, string, string> WrongValues() => new()
    {
        { "", "K", "hunter2hunter2", "blank" },
        { "  ", "K", "hunter2hunter2", "blank" },
        { new string('n', 257), "K", "hunter2hunter2", "256" },
        { "two\nlines", "K", "hunter2hunter2", "one line" },
        { "a", "", "hunter2hunter2", "Key number 1" },
        { "a", "1K", "hunter2hunter2", "character 1" },
        { "a", "MY-KEY", "hunter2hunter2", "character 3" },
        { "a", "KEY\n", "hunter2hunter2", "character 4" },
        { "a", new string('K', 257), "hunter2hunter2", "256" },
        { "a", "K", "", "empty" },
        { "a", "K", null!, "null" },
        { "a", "K", "hunter2hunter2\0", "NUL" },
        { "a", "K", "hunter2hunter2" + new string('x', 65536), "65536" },
    };

    [Theory]
    [MemberData(nameof(WrongValues))]
    public async Task Create_AndSet_OfWhatBreaksARule_AreRefused_WithoutTheValue(string name, string key, string value, string says)
    {
        foreach (var call in (Func<Task>[])[() => Secrets.CreateAsync(name, Values((key, value))), () => Secrets.SetAsync(name, Values((key, value)))])
        {
            var error = await Should.ThrowAsync<KitaruUsageException>(call);

            error.Message.ShouldContain(says);
            error.NextStep.ShouldNotBeNullOrEmpty();
            error.ToString().ShouldNotContain("hunter2");
        }
        (await Secrets.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Create_OfAnUnpairedSurrogate_IsRefused()
    {
        (await Should.ThrowAsync<KitaruUsageException>(() => Secrets.CreateAsync("a", Values(("K", "hunter2\ud800"))))).Message.ShouldContain("surrogates");
        (await Should.ThrowAsync<KitaruUsageException>(() => Secrets.CreateAsync("a\ud800", Values(("K", "hunter2"))))).Message.ShouldContain("one line");
    }

    [Fact]
    public async Task Keys_AreBounded_AlsoWhenTheyAreAddedOneByOne()
    {
        var most = Enumerable.Range(0, 64).ToDictionary(i => $"K{i}", i => $"value-{i}");
        await Should.ThrowAsync<KitaruUsageException>(() => Secrets.CreateAsync("a", new Dictionary<string, string>()));
        await Should.ThrowAsync<KitaruUsageException>(() => Secrets.CreateAsync("a", new Dictionary<string, string>(most) { ["K64"] = "value" }));
        await Secrets.CreateAsync("a", most);

        (await Should.ThrowAsync<KitaruUsageException>(() => Secrets.SetAsync("a", Values(("K64", "value"))))).Message.ShouldContain("65");
        await Secrets.SetAsync("a", Values(("K63", "value")));

        (await Secrets.ReadAsync("a")).Keys.Count.ShouldBe(64);
    }

    [Fact]
    public async Task RotateKey_LeavesEverythingReadable_AndChangesNoTimeOfChange()
    {
        (await Secrets.RotateKeyAsync()).ShouldBe(0);
        var made = await Secrets.CreateAsync("a", Values(("K", "value-1"), ("L", "value-2")));
        await Secrets.CreateAsync("b", Values(("K", "value-3")));
        await using var other = await OpenAsync();
        await other.Secrets.ReadAsync("a");
        Time.Advance(TimeSpan.FromHours(1));

        (await Secrets.RotateKeyAsync()).ShouldBe(3);
        (await Secrets.RotateKeyAsync()).ShouldBe(3);

        foreach (var plane in (IControlPlane[])[Plane, other])
        {
            var read = await plane.Secrets.ReadAsync("a");
            (read.Get("K"), read.Get("L"), read.UpdatedAt).ShouldBe(("value-1", "value-2", made.UpdatedAt));
            (await plane.Secrets.ReadAsync("b")).Get("K").ShouldBe("value-3");
        }
        await other.Secrets.SetAsync("c", Values(("K", "value-4")));
        (await Secrets.ReadAsync("c")).Get("K").ShouldBe("value-4");
    }

    [Fact]
    public async Task Writes_WhileKeysAreRotated_AreAllReadable()
    {
        await Secrets.CreateAsync("s0", Values(("K", "value-0")));
        await using var other = await OpenAsync();

        var writing = Task.Run(async () =>
        {
            for (var i = 1; i <= 30; i++)
                await other.Secrets.SetAsync($"s{i % 5}", Values(("K", $"value-{i}")));
        });
        while (!writing.IsCompleted)
            await Secrets.RotateKeyAsync();
        await writing;

        await using var fresh = await OpenAsync();
        for (var i = 26; i <= 30; i++)
            (await fresh.Secrets.ReadAsync($"s{i % 5}")).Get("K").ShouldBe($"value-{i}");
    }

    [Fact]
    public void Text_OfASecret_ShowsNoValue()
    {
        var secret = new Secret(new SecretId(NewId()), "a", false, Time.Now, Values(("K", "hunter2hunter2")));

        secret.ToString().ShouldBe("Secret 'a' (K)");
    }

    protected static Dictionary<string, string> Values(params (string Key, string Value)[] values) =>
        values.ToDictionary(pair => pair.Key, pair => pair.Value);
}

public sealed class SqliteSecretTests() : SecretSuite(new SqliteUnderTest());

public sealed class MemorySecretTests() : SecretSuite(new MemoryUnderTest());
