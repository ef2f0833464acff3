using System.CommandLine;
using Kitaru.Core;

namespace Kitaru.Cli.Commands;

/// <summary>An option of three states: yes, no, and not said.</summary>
internal sealed class Switch
{
    public Switch(string name, string description, string? offDescription = null)
    {
        On = new Option<bool>($"--{name}") { Description = description };
        Off = new Option<bool>($"--no-{name}") { Description = offDescription ?? $"The opposite of --{name}." };
    }

    public Option<bool> On { get; }

    public Option<bool> Off { get; }

    /// <exception cref="KitaruUsageException">Both were said.</exception>
    public bool? Get(CommandCall call) => (call.Get(On), call.Get(Off)) switch
    {
        (true, true) => throw new KitaruUsageException($"{On.Name} and {Off.Name} exclude each other.", "Give one of them, or none."),
        (true, _) => true,
        (_, true) => false,
        _ => null,
    };
}
