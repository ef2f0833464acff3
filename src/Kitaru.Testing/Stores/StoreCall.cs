using Kitaru.Core;

namespace Kitaru.Testing.Stores;

/// <summary>One call of a store on its way to the database.</summary>
/// <param name="Method">The method's name, for example <c>AppendAsync</c>.</param>
/// <param name="Noun">The interface it belongs to, for example <c>IJournalStore</c>.</param>
/// <param name="Arguments">What is passed on; an interceptor may put something else in.</param>
internal sealed record StoreCall(string Noun, string Method, object?[] Arguments)
{
    private static readonly string[] ReadingVerbs = ["Find", "List", "Read", "Any", "Count", "Wait"];

    /// <summary>The lease the call names; only the holder's own writes have one.</summary>
    public Lease? Lease => Arguments.Length > 0 ? Arguments[0] as Lease : null;

    public bool Writes => !ReadingVerbs.Any(verb => Method.StartsWith(verb, StringComparison.Ordinal));
}
