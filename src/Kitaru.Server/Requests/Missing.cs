using System.Text.Json.Nodes;

namespace Kitaru.Server.Requests;

/// <summary>What is not there, said so that a client can tell it from something else that is not there.</summary>
internal static class Missing
{
    public static KitaruNotFoundException Of(string what, string message, string? nextStep = null) =>
        new(message, nextStep) { Details = new JsonObject { ["missing"] = what } };

    public static async Task<T> OrThrowAsync<T>(this Task<T?> found, string what, string named) where T : class =>
        await found ?? throw Of(what, $"There is no {what.Replace('_', ' ')} '{Core.Texts.Short(named, 80)}'.");
}
