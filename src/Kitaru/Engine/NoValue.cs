namespace Kitaru.Engine;

/// <summary>The value of a call that returns nothing.</summary>
internal readonly record struct NoValue;
