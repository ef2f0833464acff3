using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane;

/// <summary>How to open the embedded store.</summary>
public sealed record EmbeddedOptions
{
    /// <summary>Where the store and its artifacts lie.</summary>
    public required ConfigDirectory Directory { get; init; }

    /// <summary>The store's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Source of new ids; null makes one from <see cref="Time"/>.</summary>
    public IdFactory? Ids { get; init; }

    /// <summary>How long a lease holds without renewal; 10 s.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(10);
}
