using Kitaru.Core;
using Kitaru.Mcp.Hosting;

namespace Kitaru.Mcp.Resources;

/// <summary>All kinds of resources, in the order in which their templates are listed.</summary>
internal static class ResourceCatalog
{
    public static IReadOnlyList<KitaruResource> All { get; } =
    [
        .. ExecutionResources.All(), LogResource.Create(), ArtifactResource.Create(), .. DeploymentResources.All(),
    ];

    public static IEnumerable<KitaruResource> Offered(RequestScope scope) => All.Where(one => scope.Policy.Sets is null || scope.Policy.Sets.Contains(one.Toolset));

    /// <summary>What an address leads to, for this caller.</summary>
    /// <exception cref="KitaruException">Nothing, or nothing that is offered here.</exception>
    public static (KitaruResource Resource, ResourceCall Call) Find(RequestScope scope, string? uri)
    {
        var address = ResourceAddress.Parse(uri);
        foreach (var resource in All)
        {
            if (resource.Pattern.Match(address) is not { } values)
                continue;
            if (scope.Policy.Sets is { } sets && !sets.Contains(resource.Toolset))
                throw new KitaruFeatureNotAvailableException($"{Texts.Short(address.Text)} is not available here: the toolset '{resource.Toolset}' is switched off.", "Whoever runs the server can switch it on.");
            if (address.Query.Keys.FirstOrDefault(name => !resource.Pattern.Query.Contains(name)) is { } unknown)
            {
                throw new KitaruUsageException(
                    $"There is no '{Texts.Short(unknown, 80)}' in uris of {resource.Name}.{Texts.DidYouMean(unknown, resource.Pattern.Query)}", $"The template is {resource.Pattern.Text}");
            }
            return (resource, new ResourceCall(address, values, scope.Backend));
        }
        throw Unknown(address.Text);
    }

    public static KitaruNotFoundException Unknown(string uri) => new(
        $"There is no resource '{Texts.Short(uri)}'.", "Take a uri from resources/list, or fill in a template of resources/templates/list.");
}
