namespace Kitaru.ControlPlane.Targets;

/// <summary>One way from a target to a folder of compiled code.</summary>
internal abstract class TargetBuild
{
    /// <summary>The kind of build, part of the record's name.</summary>
    public abstract string Kind { get; }

    /// <summary>What is built.</summary>
    public abstract string TargetPath { get; }

    /// <summary>What to tell the one who waits.</summary>
    public abstract string Description { get; }

    /// <summary>Hash of everything that goes in, as far as <paramref name="last"/> knows it; null when it cannot be said.</summary>
    public abstract string? Fingerprint(BuildRecord? last);

    /// <summary>Builds into <paramref name="workFolder"/>, which is new, empty and thrown away afterwards.</summary>
    public abstract Task<BuildOutput> RunAsync(BuildRecord? last, string workFolder, CancellationToken cancellationToken);
}

/// <summary>What a build left.</summary>
/// <param name="Folder">The folder with the user's compiled code.</param>
/// <param name="IsOwned">Its files may be moved away.</param>
/// <param name="Record">What to remember, without the snapshot.</param>
internal sealed record BuildOutput(string Folder, bool IsOwned, BuildRecord Record);
