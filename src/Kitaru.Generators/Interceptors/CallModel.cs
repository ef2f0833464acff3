namespace Kitaru.Generators.Interceptors;

/// <summary>One call site: the code of the interceptor that it goes to, and the compiler's name for the place.</summary>
internal sealed record CallModel(string Interceptor, int Version, string Data);
