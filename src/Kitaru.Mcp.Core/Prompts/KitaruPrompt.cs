using Kitaru.Mcp.Completions;

namespace Kitaru.Mcp.Prompts;

/// <summary>A prompt that the user picks: their words, and the few calls that do it.</summary>
internal sealed record KitaruPrompt
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    public required string Description { get; init; }

    /// <summary>The tools it speaks of: it is offered only where all of them are.</summary>
    public required IReadOnlyList<string> Tools { get; init; }

    public IReadOnlyList<PromptInput> Inputs { get; init; } = [];

    /// <summary>Writes it. Inputs are checked and presets filled in before; one without a value is empty.</summary>
    public required Func<Func<string, string>, string> Write { get; init; }
}

/// <summary>An input of a prompt: one line of text.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">Its title.</param>
/// <param name="Description">What it is, and what is meant without it.</param>
/// <param name="Suggests">What it is completed with.</param>
/// <param name="Required">Whether it must be given.</param>
/// <param name="Preset">What is meant without it.</param>
internal sealed record PromptInput(string Name, string Title, string Description, Suggests Suggests = Suggests.Nothing, bool Required = false, string Preset = "");
