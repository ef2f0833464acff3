using Kitaru.Core;

namespace Kitaru.StoreTests;

/// <summary>A database for one test. The suites know nothing else of it, so that every database runs the same ones.</summary>
internal interface IStoreUnderTest : IAsyncDisposable
{
    ManualTime Time { get; }

    /// <summary>Opens the same database again, as another process would.</summary>
    Task<IControlPlane> OpenAsync();
}
