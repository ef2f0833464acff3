using Kitaru.Core;

namespace Kitaru.Cli.Secrets;

/// <summary>Finds a secret without reading its values.</summary>
internal static class SecretLookup
{
    public static async Task<SecretSummary> FindAsync(KitaruClient client, string nameOrId, CancellationToken cancellationToken)
    {
        var all = await client.Secrets.ListAsync(cancellationToken);
        var text = nameOrId.Trim();
        return all.FirstOrDefault(secret => secret.Id.ToString() == text) ?? all.FirstOrDefault(secret => secret.Name == text) ?? throw new KitaruNotFoundException(
            $"There is no secret '{Texts.Short(text, 80)}'.{Texts.DidYouMean(text, all.Select(secret => secret.Name))}", "kitaru secrets list shows what there is.");
    }
}
