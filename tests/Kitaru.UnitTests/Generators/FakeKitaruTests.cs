using System.Reflection;
using System.Runtime.Loader;
using Kitaru.Runtime;

namespace Kitaru.UnitTests.Generators;

/// <summary>The fake is worth something only as long as the library looks the same.</summary>
public sealed class FakeKitaruTests
{
    [Theory]
    [InlineData(typeof(CheckpointCalls))]
    [InlineData(typeof(CheckpointDefinition))]
    [InlineData(typeof(KitaruManifestAttribute))]
    [InlineData(typeof(FlowAttribute))]
    [InlineData(typeof(CheckpointAttribute))]
    public void Library_HasAllThatGeneratedCodeUses(Type type)
    {
        var members = MembersOf(type);

        foreach (string member in MembersOf(Fake(type)).Where(member => !member.EndsWith(" Token", StringComparison.Ordinal)))
            members.ShouldContain(member);
    }

    [Fact]
    public void Flow_HasAllThatTheAnalyzersKnow()
    {
        var names = typeof(Flow).GetMembers().Select(member => member.Name).ToHashSet();

        foreach (var member in Fake(typeof(Flow)).GetMembers(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            names.ShouldContain(member.Name);
        typeof(CheckpointFailedException).GetMethod("IsCausedBy").ShouldNotBeNull();
    }

    private static Type Fake(Type type)
    {
        var context = new AssemblyLoadContext("fake", isCollectible: true);
        var assembly = context.LoadFromStream(new MemoryStream(Compiled.Emit(Compiled.Create("Kitaru", [], FakeKitaru.Source))));
        return assembly.GetType(type.FullName!, throwOnError: true)!;
    }

    private static HashSet<string> MembersOf(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly).Where(property => property.CanWrite).Select(property => $"{property.PropertyType.Name} {property.Name}"),
        .. type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly).Where(method => !method.IsSpecialName)
            .Select(method => $"{method} ({string.Join(", ", method.GetParameters().Select(parameter => parameter.ParameterType.ToString()))})"),
    ];
}
