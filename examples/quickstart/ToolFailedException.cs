namespace Kitaru.Quickstart;

/// <summary>A tool answered with an error.</summary>
internal sealed class ToolFailedException(string tool, string answer) : Exception($"{tool} answered: {answer}")
{
    public string Answer { get; } = answer;
}
