namespace Kitaru.CliTests.Terminal;

/// <summary>A test in a real terminal; skipped where tmux cannot be had.</summary>
public sealed class NeedsTmuxTheoryAttribute : TheoryAttribute
{
    public NeedsTmuxTheoryAttribute() => Skip = TmuxTerminal.Missing;
}

/// <inheritdoc cref="NeedsTmuxTheoryAttribute"/>
public sealed class NeedsTmuxFactAttribute : FactAttribute
{
    public NeedsTmuxFactAttribute() => Skip = TmuxTerminal.Missing;
}
