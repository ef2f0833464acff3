using System.ComponentModel;

namespace Kitaru.Runtime;

/// <summary>
/// The mark the generator leaves on every assembly it has seen, with the flow manifest as JSON. An assembly that references
/// Kitaru without it was compiled without the generator: its checkpoint calls would not be recorded, and it is refused.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class KitaruManifestAttribute(string json) : Attribute
{
    /// <summary>A <see cref="Core.Flows.FlowManifest"/>.</summary>
    public string Json { get; } = json;
}
