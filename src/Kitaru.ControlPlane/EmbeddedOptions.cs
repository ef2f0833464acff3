using System.Globalization;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane;

/// <summary>How to open the embedded store.</summary>
public sealed record EmbeddedOptions
{
    /// <summary>The environment variable that changes <see cref="LeaseDuration"/>, for tests. All processes of a store should agree on it.</summary>
    public const string LeaseVariable = "KITARU_LEASE_SECONDS";

    /// <summary>The environment variable that holds the keys of secrets, in place of the file in the config directory: for servers.</summary>
    public const string SecretKeysVariable = "KITARU_SECRETS_KEYS";

    private const double LeaseSecondsMax = 3600;

    /// <summary>Where the store and its artifacts lie.</summary>
    public required ConfigDirectory Directory { get; init; }

    /// <summary>The store's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Source of new ids; null makes one from <see cref="Time"/>.</summary>
    public IdFactory? Ids { get; init; }

    /// <summary>How long a lease holds without renewal; 10 s.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The keys of secrets as JSON; null for those in the file of the config directory.</summary>
    internal string? SecretKeys { get; init; }

    /// <summary>The defaults with what the environment changes about them.</summary>
    /// <exception cref="KitaruUsageException">A variable's value makes no sense.</exception>
    public static EmbeddedOptions FromEnvironment(ConfigDirectory directory, Func<string, string?> environment)
    {
        var options = new EmbeddedOptions { Directory = directory, SecretKeys = environment(SecretKeysVariable) is { Length: > 0 } keys ? keys : null };
        if (environment(LeaseVariable) is not { Length: > 0 } text)
            return options;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= LeaseSecondsMax)
            return options with { LeaseDuration = TimeSpan.FromSeconds(seconds) };
        throw new KitaruUsageException(
            $"{LeaseVariable} must be a number of seconds from 1 to {LeaseSecondsMax}; it is '{Texts.Short(text)}'.", $"Unset {LeaseVariable} and start again.");
    }
}
