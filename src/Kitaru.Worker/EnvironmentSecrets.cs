using Kitaru.Core;
using Kitaru.Secrets;

namespace Kitaru.Worker;

/// <summary>The secrets this worker's environment names, as they were when it started.</summary>
internal sealed class EnvironmentSecrets(ISecrets secrets, IReadOnlyList<string> names)
{
    private readonly List<(string Name, SecretId Id, DateTimeOffset UpdatedAt)> _read = [];

    /// <summary>Makes every key an environment variable; of several secrets with a key the last one wins.</summary>
    /// <exception cref="KitaruNotFoundException">A secret is not there.</exception>
    public async Task ApplyAsync(KnownSecrets known)
    {
        foreach (var name in names)
        {
            var secret = await secrets.ReadAsync(name);
            known.LearnEnvironment(secret);
            _read.Add((name, secret.Id, secret.UpdatedAt));
            foreach (var (key, value) in secret.Values)
                Environment.SetEnvironmentVariable(key, value);
        }
    }

    /// <summary>Whether one of them was changed or deleted since: then what starts now must get other values than this process has.</summary>
    public async Task<bool> AreOutdatedAsync(CancellationToken cancellationToken)
    {
        foreach (var (name, id, updatedAt) in _read)
        {
            var now = await secrets.FindAsync(name, cancellationToken);
            if (now is null || now.Id != id || now.UpdatedAt != updatedAt)
                return true;
        }
        return false;
    }
}
