namespace Kitaru.Quickstart;

/// <summary>What the user reads, and whether everything was as it should be.</summary>
internal sealed class Transcript(TextWriter output)
{
    private int _step;

    /// <summary>Whether every check so far held.</summary>
    public bool IsRight { get; private set; } = true;

    public void Title(string text)
    {
        output.WriteLine();
        output.WriteLine($"{++_step}. {text}");
    }

    public void Line(string text)
    {
        foreach (var line in text.TrimEnd().Split('\n'))
            output.WriteLine($"   {line.TrimEnd('\r')}");
    }

    /// <summary>A call as an assistant makes it.</summary>
    public void Call(string tool, string arguments) => Line($"> {tool} {arguments}");

    public void Check(string claim, bool holds)
    {
        IsRight &= holds;
        Line($"[{(holds ? "ok" : "WRONG")}] {claim}");
    }
}
