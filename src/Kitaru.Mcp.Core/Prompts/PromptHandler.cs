using System.Text.Json;
using Kitaru.Core;
using Kitaru.Mcp.Completions;
using Kitaru.Mcp.Hosting;
using Kitaru.Mcp.Tools;
using Kitaru.Mcp.Untrusted;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Prompts;

/// <summary>Lists and writes prompts. What a caller's tools cannot do is not offered.</summary>
internal sealed class PromptHandler(Func<MessageContext, RequestScope> scopeOf)
{
    private const int InputCharsMax = 2000;

    // Not needed for initialize, so made after it.
    private readonly Lazy<ToolRegistry> _tools = new(() => new ToolRegistry());

    public ListPromptsResult List(MessageContext request)
    {
        var scope = scopeOf(request);
        return new ListPromptsResult
        {
            Prompts = [.. Offered(scope.Policy).Select(Describe)],
            TimeToLive = Lifetimes.OfLists,
            CacheScope = Lifetimes.ScopeOf(scope),
        };
    }

    public GetPromptResult Get(RequestContext<GetPromptRequestParams> request)
    {
        var prompt = Find(scopeOf(request).Policy, request.Params?.Name ?? "");
        var given = Check(prompt, request.Params?.Arguments);
        return new GetPromptResult
        {
            Description = prompt.Description,
            Messages = [new PromptMessage { Role = ModelContextProtocol.Protocol.Role.User, Content = new TextContentBlock { Text = PlainText.Of(prompt.Write(name => given[name])) } }],
        };
    }

    /// <summary>What the inputs of a prompt are completed with.</summary>
    /// <exception cref="KitaruException">There is no such prompt, or not for this caller.</exception>
    public Dictionary<string, Suggests> Inputs(MessageContext request, string prompt) =>
        Find(scopeOf(request).Policy, prompt).Inputs.ToDictionary(input => input.Name, input => input.Suggests, StringComparer.Ordinal);

    private IEnumerable<KitaruPrompt> Offered(ToolPolicy policy) =>
        PromptCatalog.All.Where(prompt => prompt.Tools.All(name => policy.Allows(_tools.Value.Find(name)))).DistinctBy(prompt => prompt.Name);

    private KitaruPrompt Find(ToolPolicy policy, string name)
    {
        if (Offered(policy).FirstOrDefault(prompt => prompt.Name == name) is { } found)
            return found;
        foreach (var tool in PromptCatalog.All.FirstOrDefault(prompt => prompt.Name == name)?.Tools ?? [])
            policy.Check(_tools.Value.Find(tool));
        throw new KitaruUsageException(
            $"There is no prompt '{Texts.Short(name, 80)}'.{Texts.DidYouMean(name, PromptCatalog.All.Select(prompt => prompt.Name))}", "Call prompts/list for the prompts there are.");
    }

    private static Dictionary<string, string> Check(KitaruPrompt prompt, IDictionary<string, JsonElement>? arguments)
    {
        foreach (var name in arguments?.Keys ?? [])
        {
            if (!prompt.Inputs.Any(input => input.Name == name))
            {
                throw new KitaruUsageException(
                    $"The prompt {prompt.Name} has no argument '{Texts.Short(name, 80)}'.{Texts.DidYouMean(name, prompt.Inputs.Select(input => input.Name))}",
                    prompt.Inputs.Count == 0 ? "It takes none." : $"It takes {string.Join(", ", prompt.Inputs.Select(input => input.Name))}.");
            }
        }
        return prompt.Inputs.ToDictionary(input => input.Name, input => Value(prompt, input, arguments), StringComparer.Ordinal);
    }

    private static string Value(KitaruPrompt prompt, PromptInput input, IDictionary<string, JsonElement>? arguments)
    {
        var text = "";
        if (arguments is not null && arguments.TryGetValue(input.Name, out var given) && given.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
        {
            text = given.ValueKind == JsonValueKind.String
                ? given.GetString()!.Trim()
                : throw Wrong(prompt, input, $"must be text; it is {given.ValueKind.ToString().ToLowerInvariant()}");
        }
        if (text.Length > InputCharsMax)
            throw Wrong(prompt, input, $"may have {InputCharsMax} characters; it has {text.Length}");
        // A line break would let a value pass for a part of the prompt.
        if (text.Any(char.IsControl))
            throw Wrong(prompt, input, "must be one line of text; it has line breaks or other control characters");
        if (text.Length > 0)
            return text;
        return input.Required ? throw Wrong(prompt, input, "is missing") : input.Preset;
    }

    private static KitaruUsageException Wrong(KitaruPrompt prompt, PromptInput input, string what) =>
        new($"The argument '{input.Name}' of the prompt {prompt.Name} {what}.", input.Description);

    private static Prompt Describe(KitaruPrompt prompt) => new()
    {
        Name = prompt.Name,
        Title = prompt.Title,
        Description = prompt.Description,
        Arguments = [.. prompt.Inputs.Select(input => new PromptArgument { Name = input.Name, Title = input.Title, Description = input.Description, Required = input.Required })],
    };
}
