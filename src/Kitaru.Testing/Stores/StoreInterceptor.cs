namespace Kitaru.Testing.Stores;

/// <summary>Stands between the services and a store: sees each call, and decides what becomes of it.</summary>
internal abstract class StoreInterceptor
{
    /// <param name="call">The call.</param>
    /// <param name="next">Makes it, with the arguments as they then stand; may be called any number of times.</param>
    public abstract Task<T> CallAsync<T>(StoreCall call, Func<Task<T>> next);
}
