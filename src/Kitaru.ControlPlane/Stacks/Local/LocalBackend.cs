using Kitaru.Core;

namespace Kitaru.ControlPlane.Stacks.Local;

/// <summary>Runs executions of local stacks: in worker processes on this machine.</summary>
internal sealed class LocalBackend : IStackBackend
{
    /// <summary>The fields of an image that a process on this machine can be given.</summary>
    private static readonly string[] Acting = ["environment", "secret_environment_from"];

    public string Type => StackRecord.LocalType;

    public StackLaunch Prepare(StackRecord stack, ImageSettings? image)
    {
        var settings = LocalStackSettings.Of(stack.Settings);
        var variables = new Dictionary<string, string>(settings.Environment, StringComparer.Ordinal);
        foreach (var (name, value) in image?.Environment ?? new Dictionary<string, string>())
            variables[name] = value;
        var environment = new WorkerEnvironment
        {
            Stack = stack.Name,
            Concurrency = settings.Concurrency,
            IdleSeconds = settings.IdleSeconds,
            Variables = variables,
            Secrets = image?.SecretEnvironmentFrom ?? [],
        };
        return new StackLaunch(environment, Warning(stack, image));
    }

    private static string? Warning(StackRecord stack, ImageSettings? image)
    {
        var idle = (image?.ToJson() ?? []).Select(field => field.Key).Except(Acting, StringComparer.Ordinal).ToList();
        return idle.Count == 0
            ? null
            : $"image: {string.Join(", ", idle)} {(idle.Count == 1 ? "is" : "are")} stored and without effect: the local stack '{stack.Name}' builds no image; "
              + $"of an image, {string.Join(" and ", Acting)} act there.";
    }
}
