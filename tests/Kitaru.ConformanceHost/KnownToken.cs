using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Kitaru.ConformanceHost;

/// <summary>Gives every request the token of the administrator.</summary>
internal sealed class KnownToken : IStartupFilter
{
    public const string Text = "the-admin-of-the-conformance-host-0123456789";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, then) =>
        {
            context.Request.Headers.Authorization = $"Bearer {Text}";
            return then(context);
        });
        next(app);
    };
}
