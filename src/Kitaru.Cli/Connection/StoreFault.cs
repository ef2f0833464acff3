using Kitaru.Cli.Commands;
using Kitaru.Client.Connection;
using Kitaru.Core;

namespace Kitaru.Cli.Connection;

/// <summary>Whether the embedded store can be used. One that is there and looks like one is not opened for the question: that takes longer than all else.</summary>
internal static class StoreFault
{
    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    public static async Task<KitaruException?> FindAsync(CommandCall call, CancellationToken cancellationToken)
    {
        try
        {
            if (call.Client.ReadConnection().Kind == ConnectionKind.Embedded && !LooksWhole(call.Client.Directory.Database))
                await call.Client.OpenAsync(cancellationToken);
            return null;
        }
        catch (KitaruException fault)
        {
            return fault;
        }
    }

    private static bool LooksWhole(string database)
    {
        try
        {
            Span<byte> start = stackalloc byte[Magic.Length];
            using var file = new FileStream(database, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(Magic);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
