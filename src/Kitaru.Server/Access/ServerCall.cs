using System.Reflection;
using Kitaru.Core;

namespace Kitaru.Server.Access;

/// <summary>One authorized request that is about the whole server.</summary>
internal sealed class ServerCall(Principal principal)
{
    public Principal Principal => principal;

    /// <summary>Lets endpoints take it as a parameter.</summary>
    public static ValueTask<ServerCall?> BindAsync(HttpContext context, ParameterInfo _) => ValueTask.FromResult(
        context.Features.Get<ServerCall>() ?? throw new InvalidOperationException($"{context.Request.Path} was reached without a check of access."))!;

    public static void Check(HttpContext context, AccessRule rule, Principal principal)
    {
        if (principal.Worker is not null && rule.Worker == WorkerRule.Never)
            throw WorkerAccess.Denied();
        if (rule.Role == Role.Admin && !principal.IsAdmin)
            throw new KitaruAccessDeniedException($"'{Texts.Short(principal.Name, 80)}' is no administrator of the server; this needs one.", "Ask an administrator of the server.");
        context.Features.Set(new ServerCall(principal));
    }
}
