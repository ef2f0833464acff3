using System.Collections.Concurrent;
using System.Reflection;
using Kitaru.ControlPlane.Storage;

namespace Kitaru.Testing.Stores;

/// <summary>
/// A store whose every call goes through an interceptor, those included that are added to the interfaces later: nobody can forget to let a
/// new call fail.
/// </summary>
internal class StoreProxy : DispatchProxy
{
    // What a method's calls need never changes: a cache, not state.
    private static readonly ConcurrentDictionary<MethodInfo, Route> Routes = new();

    private readonly Dictionary<MethodInfo, object> _nouns = [];
    private object _target = null!;
    private StoreInterceptor _interceptor = null!;

    public static IStore Wrap(IStore store, StoreInterceptor interceptor) => (IStore)Wrap(typeof(IStore), store, interceptor);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        Routes.GetOrAdd(targetMethod!, static method => Route.Of(method)).Go(this, targetMethod!, args ?? []);

    private static object Wrap(Type noun, object target, StoreInterceptor interceptor)
    {
        var proxy = (StoreProxy)Create(noun, typeof(StoreProxy));
        (proxy._target, proxy._interceptor) = (target, interceptor);
        return proxy;
    }

    private abstract class Route(MethodInfo method)
    {
        private readonly MethodInvoker _invoker = MethodInvoker.Create(method);

        public static Route Of(MethodInfo method)
        {
            var returned = method.ReturnType;
            if (returned == typeof(Task))
                return new TaskRoute(method);
            if (returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(Task<>))
                return (Route)Activator.CreateInstance(typeof(TaskRoute<>).MakeGenericType(returned.GetGenericArguments()), method)!;
            return returned.IsInterface && returned.Namespace == typeof(IStore).Namespace ? new NounRoute(method) : new PlainRoute(method);
        }

        public abstract object? Go(StoreProxy proxy, MethodInfo method, object?[] arguments);

        protected object? Invoke(StoreProxy proxy, object?[] arguments) => _invoker.Invoke(proxy._target, arguments.AsSpan());

        protected static StoreCall CallOf(MethodInfo method, object?[] arguments) => new(method.DeclaringType!.Name, method.Name, arguments);
    }

    /// <summary>One of the smaller interfaces of the store.</summary>
    private sealed class NounRoute(MethodInfo method) : Route(method)
    {
        public override object? Go(StoreProxy proxy, MethodInfo method, object?[] arguments)
        {
            if (!proxy._nouns.TryGetValue(method, out var noun))
                proxy._nouns.Add(method, noun = Wrap(method.ReturnType, Invoke(proxy, arguments)!, proxy._interceptor));
            return noun;
        }
    }

    private sealed class PlainRoute(MethodInfo method) : Route(method)
    {
        public override object? Go(StoreProxy proxy, MethodInfo method, object?[] arguments) => Invoke(proxy, arguments);
    }

    private sealed class TaskRoute<T>(MethodInfo method) : Route(method)
    {
        public override object? Go(StoreProxy proxy, MethodInfo method, object?[] arguments) =>
            proxy._interceptor.CallAsync(CallOf(method, arguments), () => (Task<T>)Invoke(proxy, arguments)!);
    }

    private sealed class TaskRoute(MethodInfo method) : Route(method)
    {
        public override object? Go(StoreProxy proxy, MethodInfo method, object?[] arguments) =>
            proxy._interceptor.CallAsync(CallOf(method, arguments), async () =>
            {
                await ((Task)Invoke(proxy, arguments)!).ConfigureAwait(false);
                return true;
            });
    }
}
