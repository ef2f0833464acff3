using System.Reflection;
using System.Reflection.Emit;
using Kitaru.EndToEndTests.World;
using Kitaru.Runtime;

namespace Kitaru.EndToEndTests.Targets;

public sealed class ManifestTests
{
    private static readonly ConstructorInfo Attribute = typeof(KitaruManifestAttribute).GetConstructor([typeof(string)])!;

    [Fact]
    public async Task CompiledAgainstNewerKitaru_AsksForAnUpdate()
    {
        await using var world = await BuildWorld.OpenAsync();
        Emit(world, """{"version":1,"kitaru":"99.0.0-beta.1+abc","flows":[]}""");

        var error = await Should.ThrowAsync<KitaruUsageException>(world.BuildAsync("out/App.dll:x"));

        error.Message.ShouldContain("Kitaru 99.0.0-beta.1");
        error.NextStep.ShouldNotBeNull().ShouldContain("Update kitaru");
    }

    [Fact]
    public async Task ManifestOfLaterVersion_AsksForAnUpdate()
    {
        await using var world = await BuildWorld.OpenAsync();
        Emit(world, """{"version":7,"kitaru":"0.0.1","flows":[]}""");

        (await Should.ThrowAsync<KitaruUsageException>(world.BuildAsync("out/App.dll:x"))).NextStep.ShouldNotBeNull().ShouldContain("Update kitaru");
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("""{"flows":[{}]}""")]
    public async Task BrokenManifest_IsAUsageError(string json)
    {
        await using var world = await BuildWorld.OpenAsync();
        Emit(world, json);

        (await Should.ThrowAsync<KitaruUsageException>(world.BuildAsync("out/App.dll:x"))).Message.ShouldContain("App.dll");
    }

    /// <summary>An assembly with a manifest of our choice; nothing in it is ever loaded.</summary>
    private static void Emit(BuildWorld world, string json)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("App"), typeof(object).Assembly);
        assembly.SetCustomAttribute(new CustomAttributeBuilder(Attribute, [json]));
        assembly.DefineDynamicModule("App").DefineType("Nothing").CreateType();
        assembly.Save(world.Write("out/App.dll", ""));
    }
}
