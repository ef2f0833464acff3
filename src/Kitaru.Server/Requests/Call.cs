using System.Reflection;
using Kitaru.Core;
using Kitaru.Server.Access;

namespace Kitaru.Server.Requests;

/// <summary>One authorized request: by whom, in which project, on which store.</summary>
internal sealed class Call(IControlPlane store, Principal principal, Project project, AccessRule rule)
{
    /// <summary>The project's store as it is.</summary>
    public IControlPlane Store { get; } = store;

    /// <summary>The project's store, under the request's key if it has one.</summary>
    public IControlPlane Plane { get; set; } = store;

    public Principal Principal => principal;

    public Project Project => project;

    public AccessRule Rule => rule;

    /// <summary>Who is written into the record: whoever asks. An administrator may ask for somebody else.</summary>
    public string By(string? given) => principal.IsAdmin && !string.IsNullOrWhiteSpace(given) ? given : principal.Name;

    /// <summary>Lets endpoints take it as a parameter.</summary>
    public static ValueTask<Call?> BindAsync(HttpContext context, ParameterInfo _) => ValueTask.FromResult<Call?>(Of(context));

    public static Call Of(HttpContext context) => context.Features.Get<Call>() ?? throw new InvalidOperationException($"{context.Request.Path} was reached without a check of access.");
}
