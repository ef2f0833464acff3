using Kitaru.Core;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Hosting;

/// <summary>The command line of kitaru-mcp, on top of its environment: each of the two may take tools away, and neither gives any back.</summary>
internal static class ProgramArguments
{
    private const string ReadOnly = "--read-only";
    private const string Sets = "--toolsets";

    /// <exception cref="KitaruUsageException">Something is unknown.</exception>
    public static ToolPolicy Parse(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var policy = ToolPolicyWords.FromEnvironment(environment);
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            policy = name switch
            {
                ReadOnly when value is null => policy.Tighten(null, readOnly: true),
                Sets => policy.Tighten(value ?? (++i < args.Count ? args[i] : throw new KitaruUsageException($"{Sets} needs names of toolsets.", $"For example {Sets} executions,status.")), readOnly: false),
                _ => throw new KitaruUsageException($"There is no argument '{Texts.Short(args[i], 80)}'.{Texts.DidYouMean(name, [ReadOnly, Sets])}"),
            };
        }
        return policy;
    }
}
