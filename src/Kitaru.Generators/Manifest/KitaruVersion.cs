using Kitaru.Generators.Support;
using Microsoft.CodeAnalysis;

namespace Kitaru.Generators.Manifest;

/// <summary>The release of the Kitaru library that is compiled against; null when there is none.</summary>
internal static class KitaruVersion
{
    public static string? Of(Compilation compilation)
    {
        if (compilation.GetTypeByMetadataName(KitaruSymbols.ManifestAttribute)?.ContainingAssembly is not { } kitaru)
            return null;
        foreach (var attribute in kitaru.GetAttributes())
        {
            // AssemblyVersion stays the same within a major version; this one names the release.
            if (attribute.AttributeClass?.Name == "AssemblyInformationalVersionAttribute" &&
                AttributeValues.First(attribute) is string { Length: > 0 } version)
                return version.Split('+')[0];
        }

        return kitaru.Identity.Version.ToString();
    }
}
