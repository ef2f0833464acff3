using Kitaru.ControlPlane;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.StoreTests;

/// <summary>A SQLite file in a folder of its own.</summary>
internal sealed class SqliteUnderTest : IStoreUnderTest
{
    private readonly List<IControlPlane> _opened = [];

    public ConfigDirectory Directory { get; } = new(System.IO.Directory.CreateTempSubdirectory("kitaru-store-").FullName);

    public ManualTime Time { get; } = new();

    public async Task<IControlPlane> OpenAsync()
    {
        var plane = await EmbeddedControlPlane.OpenAsync(new EmbeddedOptions { Directory = Directory, Time = Time });
        _opened.Add(plane);
        return plane;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var plane in _opened)
            await plane.DisposeAsync();
        System.IO.Directory.Delete(Directory.Root, recursive: true);
    }
}
