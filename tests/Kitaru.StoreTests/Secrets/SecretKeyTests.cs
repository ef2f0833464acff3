using System.Text;
using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Secrets;
using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.StoreTests.Secrets;

/// <summary>What lies on the disk: encrypted values, and the file of keys through every moment of a rotation.</summary>
public sealed class SecretKeyTests() : StoreSuite(new SqliteUnderTest())
{
    private static readonly Dictionary<string, string> Values = new() { ["K"] = "a-very-secret-value" };

    private ConfigDirectory Folder => ((SqliteUnderTest)Store).Directory;

    [Fact]
    public async Task Files_HoldNoValue_AndTheKeysAreForTheirOwnerOnly()
    {
        await Plane.Secrets.CreateAsync("a", Values);
        await Plane.Secrets.RotateKeyAsync();

        foreach (var path in Directory.EnumerateFiles(Folder.Root, "*", SearchOption.AllDirectories))
        {
            var bytes = await ReadAsync(path);
            bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Values["K"])).ShouldBe(-1, path);
            if (!OperatingSystem.IsWindows())
                (File.GetUnixFileMode(path) & (UnixFileMode)0b000_111_111).ShouldBe(UnixFileMode.None, path);
        }
    }

    [Fact]
    public async Task FirstWrites_OfManyAtOnce_MakeOneKey()
    {
        var planes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync()));

        await Task.WhenAll(planes.SelectMany((plane, i) => Enumerable.Range(0, 5).Select(j => plane.Secrets.CreateAsync($"s{i}-{j}", Values))));

        Keys().ShouldBe([1]);
        foreach (var secret in await Plane.Secrets.ListAsync())
            (await Plane.Secrets.ReadAsync(secret.Name)).Get("K").ShouldBe(Values["K"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Rotation_KilledAfterAnyStep_LeavesEverythingReadable_AndTheNextOneFinishes(int steps)
    {
        await Plane.Secrets.CreateAsync("a", Values);
        await RotateAsync(steps);

        Keys().ShouldBe(steps == 3 ? [2] : [1, 2]);
        await using var fresh = await OpenAsync();
        (await fresh.Secrets.ReadAsync("a")).Get("K").ShouldBe(Values["K"]);
        await fresh.Secrets.CreateAsync("b", Values);
        (await Plane.Secrets.ReadAsync("b")).Get("K").ShouldBe(Values["K"]);
        (await fresh.Secrets.RotateKeyAsync()).ShouldBe(2);

        Keys().ShouldBe(steps == 1 ? [2] : [3], "the key that was there already is used");
        (await Plane.Secrets.ReadAsync("a")).Get("K").ShouldBe(Values["K"]);
    }

    [Fact]
    public async Task Write_UnderAKeyThatWasJustRemoved_IsRefusedByTheStore()
    {
        await Plane.Secrets.CreateAsync("a", Values);
        await using var store = SqliteStore.Open(Folder.Database, Time);
        var stale = (await store.Secrets.ReadAsync("a", default)).ShouldNotBeNull();
        await Plane.Secrets.RotateKeyAsync();

        var written = await store.Secrets.PutAsync(
            new(new SecretId(NewId()), "b", false, IsNew: true, stale.Key, stale.Values), SecretRules.KeysMax, default);

        written.ShouldBe(Kitaru.ControlPlane.Storage.SecretWritten.OtherKey);
        (await Plane.Secrets.FindAsync("b")).ShouldBeNull();
    }

    [Fact]
    public async Task Read_WithoutTheFile_OrWithAnotherKey_NamesTheFile_AndNoValue()
    {
        await Plane.Secrets.CreateAsync("a", Values);
        var keys = File.ReadAllText(Folder.SecretKeys);
        foreach (var content in (string?[])[null, Encoding.UTF8.GetString(SecretKeysJson.Write([SecretKey.NewRandom(1)])), "{", "{}", """{"keys":{"1":"short"}}""", """{"keys":{"zero":"x"}}"""])
        {
            if (content is null)
                File.Delete(Folder.SecretKeys);
            else
                Rewrite(content);
            await using var fresh = await OpenAsync();
            foreach (var call in (Func<Task>[])[() => fresh.Secrets.ReadAsync("a"), () => fresh.Secrets.CreateAsync("b", Values), () => fresh.Secrets.RotateKeyAsync()])
            {
                var error = await Should.ThrowAsync<KitaruBackendException>(call);

                error.Message.ShouldContain(Folder.SecretKeys, customMessage: content);
                error.ToString().ShouldNotContain("secret-value");
                error.NextStep.ShouldNotBeNullOrEmpty();
            }
        }
        Rewrite(keys);
        await using var again = await OpenAsync();
        (await again.Secrets.ReadAsync("a")).Get("K").ShouldBe(Values["K"]);
        (await again.Secrets.FindAsync("b")).ShouldBeNull();
    }

    [Fact]
    public async Task Keys_ThatAreLost_AreReplaced_OnceNothingNeedsThem()
    {
        await Plane.Secrets.CreateAsync("a", Values);
        File.Delete(Folder.SecretKeys);
        await using var fresh = await OpenAsync();
        await fresh.Secrets.DeleteAsync("a");

        await fresh.Secrets.CreateAsync("a", Values);

        Keys().ShouldBe([2]);
        (await fresh.Secrets.ReadAsync("a")).Get("K").ShouldBe(Values["K"]);
    }

    [Fact]
    public async Task Keys_ThatOthersMayRead_AreNotUsed()
    {
        if (OperatingSystem.IsWindows())
            return;
        await Plane.Secrets.CreateAsync("a", Values);
        File.SetUnixFileMode(Folder.SecretKeys, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        await using var fresh = await OpenAsync();

        (await Should.ThrowAsync<KitaruBackendException>(() => fresh.Secrets.ReadAsync("a"))).NextStep.ShouldNotBeNull().ShouldContain("chmod 600");
    }

    [Fact]
    public async Task Values_ThatWereSwappedInTheStore_AreNotDecrypted()
    {
        await Plane.Secrets.CreateAsync("a", new Dictionary<string, string> { ["K"] = "value-one", ["L"] = "value-two" });
        using (var intruder = SqliteConnection.Open(Folder.Database, 1000))
            intruder.Script("UPDATE secret_value SET (nonce, sealed) = (SELECT nonce, sealed FROM secret_value WHERE key = 'L') WHERE key = 'K'");

        var error = await Should.ThrowAsync<KitaruBackendException>(() => Plane.Secrets.ReadAsync("a"));

        error.Message.ShouldContain("'a'");
        error.ToString().ShouldNotContain("value-two");
        (await Should.ThrowAsync<KitaruBackendException>(() => Plane.Secrets.RotateKeyAsync())).Message.ShouldContain("no key was changed");
    }

    [Fact]
    public async Task Keys_FromTheVariable_AreUsedInPlaceOfTheFile_AndRotatedByWhoeverSetsIt()
    {
        var (one, two) = (SecretKey.NewRandom(1), SecretKey.NewRandom(2));
        await using (var plane = await OpenWithAsync(one))
        {
            await plane.Secrets.CreateAsync("a", Values);
            (await Should.ThrowAsync<KitaruStateException>(() => plane.Secrets.RotateKeyAsync())).NextStep.ShouldNotBeNull().ShouldContain("\"2\"");
        }
        File.Exists(Folder.SecretKeys).ShouldBeFalse();
        await using (var plane = await OpenWithAsync(one, two))
            (await plane.Secrets.RotateKeyAsync()).ShouldBe(1);
        await using (var plane = await OpenWithAsync(two))
            (await plane.Secrets.ReadAsync("a")).Get("K").ShouldBe(Values["K"]);
        await using (var plane = await OpenWithAsync(one))
            (await Should.ThrowAsync<KitaruBackendException>(() => plane.Secrets.ReadAsync("a"))).Message.ShouldContain(EmbeddedOptions.SecretKeysVariable);
    }

    [Fact]
    public void Options_WithKeys_DoNotPrintThem()
    {
        var json = Encoding.UTF8.GetString(SecretKeysJson.Write([SecretKey.NewRandom(1)]));
        var options = EmbeddedOptions.FromEnvironment(Folder, name => name == EmbeddedOptions.SecretKeysVariable ? json : null);

        options.SecretKeys.ShouldBe(json);
        options.ToString().ShouldNotContain("keys\"");
    }

    private static async Task<byte[]> ReadAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        await file.CopyToAsync(copy);
        return copy.ToArray();
    }

    private async Task<IControlPlane> OpenWithAsync(params SecretKey[] keys) => await EmbeddedControlPlane.OpenAsync(
        new EmbeddedOptions { Directory = Folder, Time = Time, SecretKeys = Encoding.UTF8.GetString(SecretKeysJson.Write(keys)) });

    private int[] Keys() => [.. SecretKeysJson.Read(File.ReadAllBytes(Folder.SecretKeys), "test").Keys.Order()];

    private void Rewrite(string content)
    {
        File.Delete(Folder.SecretKeys);
        FileGate.CreateForOwnerOnly(Folder.SecretKeys);
        File.WriteAllText(Folder.SecretKeys, content);
    }

    private async Task RotateAsync(int steps)
    {
        await using var store = SqliteStore.Open(Folder.Database, Time);
        var keys = new FileSecretKeys(Folder.SecretKeys, TimeProvider.System);
        var rotation = new KeyRotation(store.Secrets, keys);
        var (from, to) = (await rotation.FindKeysAsync(default)).ShouldNotBeNull();
        if (steps > 1)
            (await rotation.ReencryptAsync(from, to, default)).ShouldBe(1);
        if (steps > 2)
            await keys.ForgetBeforeAsync(to.Version, default);
    }
}
