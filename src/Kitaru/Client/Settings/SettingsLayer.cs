using Kitaru.Core;

namespace Kitaru.Client.Settings;

/// <summary>Settings that stand in one place.</summary>
/// <param name="Source">The place, for errors; null for the call itself, whose fields are arguments.</param>
/// <param name="Values">What it says.</param>
internal sealed record SettingsLayer(string? Source, ExecutionSettings Values)
{
    public static SettingsLayer OfCall(ExecutionSettings values) => new SettingsLayer(null, values).Checked();

    public static SettingsLayer OfFlow(Core.Flows.FlowDefinition flow)
    {
        var source = $"[Flow] of '{flow.Name}'";
        return new SettingsLayer(source, new ExecutionSettings
        {
            Stack = flow.Stack,
            Image = flow.Image is { } image ? ImageSettings.ParseText(image, $"{source}, Image") : null,
            Cache = flow.Cache,
            Retries = flow.Retries,
        }).Checked();
    }

    public static SettingsLayer OfDefaults(ExecutionSettings defaults) =>
        new SettingsLayer($"{nameof(KitaruClientOptions)}.{nameof(KitaruClientOptions.Defaults)}", defaults).Checked();

    public KitaruUsageException Fault(string field, string expected, string got, string example) =>
        SettingsError.Of(Source ?? field, Source is null ? "" : field, expected, got, example);

    /// <summary>Itself, if what it says can be.</summary>
    public SettingsLayer Checked()
    {
        if (Values.Stack is { } stack && string.IsNullOrWhiteSpace(stack))
            throw Fault("stack", "the name or id of a stack", "a blank text", "\"default\"");
        if (Values.Retries < 0)
            throw Fault("retries", "a number of at least 0", $"{Values.Retries}", "2");
        return this;
    }
}
