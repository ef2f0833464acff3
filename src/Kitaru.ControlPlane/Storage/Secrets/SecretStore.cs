using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

internal sealed class SecretStore(StoreSession session) : ISecretStore
{
    public Task<(ActiveKey Key, bool IsUsed)?> FindActiveKeyAsync(CancellationToken cancellationToken) =>
        session.ReadAsync<(ActiveKey, bool)?>(
            static connection => ActiveKeyRow.Find(connection) is { } key ? (key, ActiveKeyRow.AnyValue(connection)) : null, cancellationToken);

    public Task<IReadOnlyList<SecretSummary>> ListAsync(CancellationToken cancellationToken) => session.ReadAsync(SecretRow.List, cancellationToken);

    public Task<SecretSummary?> FindAsync(string nameOrId, CancellationToken cancellationToken) =>
        session.ReadAsync(connection => SecretRow.Find(connection, nameOrId), cancellationToken);

    public Task<SealedSecret?> ReadAsync(string nameOrId, CancellationToken cancellationToken) =>
        session.ReadAsync(
            connection => SecretRow.Find(connection, nameOrId) is { } secret
                ? new SealedSecret(secret, SecretValueRow.OfSecret(connection, secret.Id), ActiveKeyRow.Find(connection)!)
                : null,
            cancellationToken);

    public Task<SecretWritten> PutAsync(SecretChange change, int keysMax, CancellationToken cancellationToken) =>
        session.WriteAloneAsync(connection => Put(connection, change, keysMax, session.Now), cancellationToken);

    public Task<SecretSummary?> DeleteAsync(string nameOrId, CancellationToken cancellationToken) =>
        session.WriteAloneAsync(
            connection =>
            {
                connection.Lock(OneAtATime.Secrets);
                var secret = SecretRow.Find(connection, nameOrId);
                if (secret is not null)
                    SecretRow.Delete(connection, secret.Id);
                return secret;
            },
            cancellationToken);

    public Task<int?> ReencryptAsync(ActiveKey from, ActiveKey to, Func<SecretId, SealedValue, SealedValue> reseal, CancellationToken cancellationToken) =>
        session.WriteAloneAsync<int?>(
            connection =>
            {
                connection.Lock(OneAtATime.Secrets);
                if (!ActiveKeyRow.Is(ActiveKeyRow.Find(connection), from))
                    return null;
                ActiveKeyRow.Insert(connection, to);
                var values = SecretValueRow.All(connection);
                foreach (var (secret, value) in values)
                    SecretValueRow.Put(connection, secret, reseal(secret, value));
                ActiveKeyRow.DeleteOthers(connection, to);
                return values.Count;
            },
            cancellationToken);

    /// <summary>Part of a change that is made alone.</summary>
    internal static SecretWritten Put(Connection connection, SecretChange change, int keysMax, DateTimeOffset now)
    {
        connection.Lock(OneAtATime.Secrets);
        var active = ActiveKeyRow.Find(connection);
        var isFirst = active is null || (change.Key.Version > active.Version && !ActiveKeyRow.AnyValue(connection));
        if (!isFirst && !ActiveKeyRow.Is(active, change.Key))
            return SecretWritten.OtherKey;
        var present = SecretRow.FindByName(connection, change.Name);
        if (change.IsNew ? present is not null : present?.Id != change.Id)
            return SecretWritten.OtherSecret;
        if (present is not null && present.Keys.Union(change.Values.Select(value => value.Key), StringComparer.Ordinal).Count() > keysMax)
            return SecretWritten.TooMany;
        if (isFirst)
        {
            ActiveKeyRow.Insert(connection, change.Key);
            ActiveKeyRow.DeleteOthers(connection, change.Key);
        }
        if (present is null)
            SecretRow.Insert(connection, change, now);
        else
            SecretRow.Touch(connection, change.Id, now);
        foreach (var value in change.Values)
            SecretValueRow.Put(connection, change.Id, value);
        return SecretWritten.Done;
    }
}
