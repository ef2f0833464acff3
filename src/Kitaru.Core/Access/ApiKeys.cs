namespace Kitaru.Core;

/// <summary>A long-lived credential of a service account, without its secret, which is not stored anywhere.</summary>
public sealed record ApiKey
{
    /// <summary>Its id.</summary>
    public required ApiKeyId Id { get; init; }

    /// <summary>Unique among its account's keys.</summary>
    public required string Name { get; init; }

    /// <summary>Whose it is.</summary>
    public required ServiceAccountId ServiceAccountId { get; init; }

    /// <summary>Their name.</summary>
    public required string ServiceAccountName { get; init; }

    /// <summary>For people.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it is accepted.</summary>
    public required bool IsActive { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it was last accepted, to the minute.</summary>
    public DateTimeOffset? LastLogin { get; init; }

    /// <summary>When its secret was last replaced.</summary>
    public DateTimeOffset? LastRotated { get; init; }

    /// <summary>For how long the secret before is accepted after a rotation.</summary>
    public int RetainPeriodMinutes { get; init; }

    /// <summary>When it ends by itself; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A key that was made or rotated.</summary>
/// <param name="ApiKey">The key.</param>
/// <param name="Key">What is sent to authenticate. It is shown this once.</param>
public sealed record IssuedApiKey(ApiKey ApiKey, string Key)
{
    /// <summary>Printed without the secret.</summary>
    public override string ToString() => $"{nameof(IssuedApiKey)} {{ {ApiKey.Name} }}";
}

/// <summary>A key that is to be made.</summary>
public sealed record NewApiKey
{
    /// <summary>Unique among its account's keys.</summary>
    public required string Name { get; init; }

    /// <summary>For people.</summary>
    public string? Description { get; init; }

    /// <summary>When it ends by itself; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>What is to be changed about a key; null leaves it as it is.</summary>
public sealed record ApiKeyChange
{
    /// <summary>Another name.</summary>
    public string? Name { get; init; }

    /// <summary>For people.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it is accepted.</summary>
    public bool? IsActive { get; init; }
}

/// <summary>A credential for a short time.</summary>
/// <param name="Token">What is sent to authenticate.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record AccessToken(string Token, DateTimeOffset ExpiresAt)
{
    /// <summary>Printed without the token.</summary>
    public override string ToString() => $"{nameof(AccessToken)} {{ ExpiresAt = {ExpiresAt:O} }}";
}
