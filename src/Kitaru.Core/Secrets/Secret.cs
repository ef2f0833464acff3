using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Kitaru;

/// <summary>A secret with its values. Neither <see cref="ToString"/> nor a debugger's line shows a value.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Secret
{
    private readonly FrozenDictionary<string, string> _values;

    /// <summary>Puts together what was read.</summary>
    public Secret(SecretId id, string name, bool isPrivate, DateTimeOffset updatedAt, IEnumerable<KeyValuePair<string, string>> values)
    {
        (Id, Name, IsPrivate, UpdatedAt) = (id, name, isPrivate, updatedAt);
        _values = values.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Its id.</summary>
    public SecretId Id { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Whether only its owner may read it.</summary>
    public bool IsPrivate { get; }

    /// <summary>When its values last changed.</summary>
    public DateTimeOffset UpdatedAt { get; }

    /// <summary>Its keys in ordinal order.</summary>
    public IReadOnlyList<string> Keys => [.. _values.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Its values by key.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>The value under a key, or <paramref name="defaultValue"/> when there is no such key.</summary>
    [return: NotNullIfNotNull(nameof(defaultValue))]
    public string? Get(string key, string? defaultValue = null) => _values.GetValueOrDefault(key) ?? defaultValue;

    /// <summary>Its name and keys.</summary>
    public override string ToString() => $"Secret '{Name}' ({string.Join(", ", Keys)})";
}
