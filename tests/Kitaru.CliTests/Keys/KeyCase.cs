namespace Kitaru.CliTests.Keys;

/// <summary>One command of the table: what must be there first, what is called, and the keys it answers.</summary>
/// <param name="Line">The command line, without <c>--output json</c>; <c>{0}</c> is what the preparation answered.</param>
/// <param name="Keys">The keys of its item, or of each item of its list: a <c>?</c> before one says that it may be missing, a <c>+</c> that it is ours.</param>
internal sealed record KeyCase(string Line, string Keys)
{
    public bool IsList { get; init; }

    /// <summary>Whether it works on a server only.</summary>
    public bool NeedsServer { get; init; }

    /// <summary>Whether it is no matter of which store is used, so that it is tried once.</summary>
    public bool IsLocal { get; init; }

    /// <summary>Prepares the store and answers with words for <see cref="Line"/>.</summary>
    public Func<CliWorld, Task<string[]>>? Prepare { get; init; }

    /// <summary>Takes back what would outlive the test.</summary>
    public Func<CliWorld, Task>? Finish { get; init; }

    /// <summary>The dotted name.</summary>
    public string Path => Commands.Leaves.Where(leaf => $"{Line} ".StartsWith($"{string.Join(' ', Commands.WordsOf(leaf))} ", StringComparison.Ordinal)).MaxBy(leaf => leaf.Path.Length)!.Path;

    public override string ToString() => Line;
}
