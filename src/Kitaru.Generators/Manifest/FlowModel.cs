namespace Kitaru.Generators.Manifest;

/// <summary>A flow as its JSON in the manifest, with what it is sorted by.</summary>
internal sealed record FlowModel(string Name, string Json);
