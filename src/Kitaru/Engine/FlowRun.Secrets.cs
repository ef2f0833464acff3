using Kitaru.Core;
using Kitaru.Runtime;
using Kitaru.Secrets;

namespace Kitaru.Engine;

/// <content>Secrets: read, and kept out of all that is recorded.</content>
internal sealed partial class FlowRun
{
    private const int SecretTriesMax = 3;

    // What the body itself can know at this point, the same on every run: names and fingerprints go by it alone.
    private SecretMask? _bodyMask;

    /// <summary>Masks every secret the process has read; null when it has read none.</summary>
    public SecretMask? Mask => _options.Secrets.All;

    /// <summary>Reads on the spot, so that the order in which the body goes on stays what it was.</summary>
    public Task<Secret> SecretAsync(string name)
    {
        CheckBodyThread("secret");
        StopToken.ThrowIfCancellationRequested();
        var secret = OffContext(() => ReadInBodyAsync(name));
        _bodyMask = SecretMask.Plus(_bodyMask, secret);
        return Task.FromResult(secret);
    }

    public async Task<Secret> ReadSecretAsync(string name, CancellationToken cancellationToken)
    {
        var secret = await ControlPlane.Secrets.ReadAsync(name, cancellationToken).ConfigureAwait(false);
        _options.Secrets.Learn(secret);
        return secret;
    }

    /// <summary>Masks its values from now on.</summary>
    public void Learn(Secret secret) => _options.Secrets.Learn(secret);

    /// <summary>A value as it may be recorded. What was masked in it is said once, for the flow goes on with what was recorded.</summary>
    public StoredValue Encode(object? value, Type type, string what, string? checkpoint)
    {
        var encoded = ValueCodec.Encode(value, type);
        if (Mask is not { } mask)
            return encoded;
        var owners = new HashSet<string>(StringComparer.Ordinal);
        var masked = mask.Apply(encoded, owners);
        if (owners.Count > 0)
        {
            _log.Add(
                "WARNING", $"{what} has a value of secret {string.Join(", ", owners.Order(StringComparer.Ordinal).Select(name => $"'{name}'"))} in it. {TextMask.Replacement} was "
                + "recorded in its place, and that is what whoever reads it gets; let whoever needs the secret call Flow.SecretAsync.", checkpoint, null);
        }
        return masked;
    }

    private async Task<Secret> ReadInBodyAsync(string name)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await ReadSecretAsync(name, StopToken).ConfigureAwait(false);
            }
            catch (KitaruBackendException exception) when (exception is not KitaruNotFoundException && tries < SecretTriesMax)
            {
                // A store that did not answer this once; one that never does ends the flow.
            }
        }
    }

    private CheckpointDefinition Masked(CheckpointDefinition definition)
    {
        if (_bodyMask is not { } mask)
            return definition;
        var (name, type) = (mask.Apply(definition.Name), definition.Type is null ? null : mask.Apply(definition.Type));
        return ReferenceEquals(name, definition.Name) && ReferenceEquals(type, definition.Type) ? definition : definition with { Name = name, Type = type };
    }

    private JournalEntry Masked(JournalEntry entry) => Mask is { } mask && entry.Metadata is { } metadata ? entry with { Metadata = mask.Apply(metadata) } : entry;
}
