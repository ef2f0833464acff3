using System.Reflection.Metadata;
using Kitaru.Generators.Support;
using Microsoft.CodeAnalysis;

namespace Kitaru.Generators.Interceptors;

/// <summary>Names of the checkpoint methods in a referenced assembly, read from its metadata tables without creating symbols.</summary>
internal static class ReferencedCheckpoints
{
    public static EquatableList<string> NamesIn(MetadataReference reference, CancellationToken cancellationToken)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        if (reference is CompilationReference project)
            AddFrom(project.Compilation.Assembly.GlobalNamespace, names, cancellationToken);
        else if (reference is PortableExecutableReference file && MetadataOf(file) is { } metadata)
        {
            foreach (var module in metadata.GetModules())
                AddFrom(module.GetMetadataReader(), names);
        }

        return new([.. names]);
    }

    private static AssemblyMetadata? MetadataOf(PortableExecutableReference file)
    {
        try
        {
            return file.GetMetadata() as AssemblyMetadata;
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            // The compiler reports an unreadable reference itself.
            return null;
        }
    }

    private static void AddFrom(MetadataReader reader, SortedSet<string> names)
    {
        if (!reader.AssemblyReferences.Any(handle => reader.StringComparer.Equals(reader.GetAssemblyReference(handle).Name, "Kitaru")))
            return;
        foreach (var handle in reader.CustomAttributes)
        {
            var attribute = reader.GetCustomAttribute(handle);
            if (attribute.Parent.Kind == HandleKind.MethodDefinition && IsCheckpoint(reader, attribute.Constructor))
                names.Add(reader.GetString(reader.GetMethodDefinition((MethodDefinitionHandle)attribute.Parent).Name));
        }
    }

    private static bool IsCheckpoint(MetadataReader reader, EntityHandle constructor)
    {
        if (constructor.Kind != HandleKind.MemberReference || reader.GetMemberReference((MemberReferenceHandle)constructor).Parent is not { Kind: HandleKind.TypeReference } parent)
            return false;
        var type = reader.GetTypeReference((TypeReferenceHandle)parent);
        return reader.StringComparer.Equals(type.Name, "CheckpointAttribute") && reader.StringComparer.Equals(type.Namespace, "Kitaru");
    }

    private static void AddFrom(INamespaceOrTypeSymbol container, SortedSet<string> names, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var member in container.GetMembers())
        {
            if (member is INamespaceOrTypeSymbol nested)
                AddFrom(nested, names, cancellationToken);
            else if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary } method && KitaruSymbols.DeclaredCheckpointOf(method) is not null)
                names.Add(method.Name);
        }
    }
}
