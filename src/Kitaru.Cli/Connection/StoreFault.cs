using Kitaru.Cli.Commands;
using Kitaru.Client.Connection;
using Kitaru.Core;

namespace Kitaru.Cli.Connection;

/// <summary>Whether the embedded store can be used. One that is not there yet is not made for the question.</summary>
internal static class StoreFault
{
    public static async Task<KitaruException?> FindAsync(CommandCall call, CancellationToken cancellationToken)
    {
        try
        {
            if (call.Client.ReadConnection().Kind == ConnectionKind.Embedded)
                await call.Client.OpenAsync(cancellationToken);
            return null;
        }
        catch (KitaruException fault)
        {
            return fault;
        }
    }
}
