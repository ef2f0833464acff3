using System.Globalization;
using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>Accounts, keys and projects as the contract has them (platform.md 4.6, 4.7): every key always there.</summary>
public static class AccessJson
{
    /// <summary>A project.</summary>
    public static JsonObject Of(Project project, bool isActive) => new()
    {
        ["id"] = project.Id.ToString(),
        ["name"] = project.Name,
        ["display_name"] = project.DisplayName,
        ["description"] = project.Description,
        ["is_active"] = isActive,
    };

    /// <summary>A service account; ours: is_admin, roles.</summary>
    public static JsonObject Of(ServiceAccount account) => new()
    {
        ["service_account_id"] = account.Id.ToString(),
        ["name"] = account.Name,
        ["full_name"] = account.FullName,
        ["description"] = account.Description,
        ["active"] = account.IsActive,
        ["created_at"] = Time(account.CreatedAt),
        ["updated_at"] = Time(account.UpdatedAt),
        ["avatar_url"] = null,
        ["is_admin"] = account.IsAdmin,
        ["roles"] = new JsonObject(account.Roles.OrderBy(pair => pair.Key.ToString(), StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key.ToString(), (JsonNode?)Word(pair.Value)))),
    };

    /// <summary>A key; ours: expires_at.</summary>
    public static JsonObject Of(ApiKey key) => new()
    {
        ["api_key_id"] = key.Id.ToString(),
        ["name"] = key.Name,
        ["service_account_id"] = key.ServiceAccountId.ToString(),
        ["service_account_name"] = key.ServiceAccountName,
        ["description"] = key.Description,
        ["active"] = key.IsActive,
        ["created_at"] = Time(key.CreatedAt),
        ["updated_at"] = Time(key.UpdatedAt),
        ["last_login"] = Time(key.LastLogin),
        ["last_rotated"] = Time(key.LastRotated),
        ["retain_period_minutes"] = key.RetainPeriodMinutes,
        ["expires_at"] = Time(key.ExpiresAt),
    };

    /// <summary>The contract's word for a role.</summary>
    public static string Word(Role role) => role.ToString().ToLowerInvariant();

    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffff'+00:00'", CultureInfo.InvariantCulture);
}
