using Kitaru.Core;
using Kitaru.Mcp.Hosting;
using Kitaru.Mcp.Prompts;
using Kitaru.Mcp.Resources;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Completions;

/// <summary>Completes arguments of prompts and variables of templates with what is stored in the caller's project.</summary>
internal sealed class CompletionHandler(Func<MessageContext, RequestScope> scopeOf, PromptHandler prompts)
{
    /// <summary>The most the protocol allows.</summary>
    private const int ValuesMax = 100;

    private const int TypedCharsMax = 500;

    public async Task<CompleteResult> CompleteAsync(RequestContext<CompleteRequestParams> request, CancellationToken cancellationToken)
    {
        var (scope, given) = (scopeOf(request), request.Params!);
        var typed = given.Argument.Value ?? "";
        if (typed.Length > TypedCharsMax)
            throw new KitaruUsageException($"The value of '{Texts.Short(given.Argument.Name, 80)}' has {typed.Length} characters; {TypedCharsMax} can be completed.");
        var suggests = SuggestsOf(request, scope, given);
        // Of a list the last part is completed, and what stands before it kept.
        var head = suggests == Suggests.Tags ? typed[..(typed.LastIndexOf(',') + 1)] : "";
        var prefix = typed[head.Length..].TrimStart();
        if (head.Length > 0)
            head += " ";
        var words = new StoredWords(await scope.Backend.OpenAsync(cancellationToken), given.Context?.Arguments ?? new Dictionary<string, string>());
        var (found, total) = await words.FindAsync(suggests, prefix, cancellationToken);
        return new CompleteResult
        {
            Completion = new Completion { Values = [.. found.Take(ValuesMax).Select(word => head + word)], Total = total, HasMore = found.Count > ValuesMax || total > found.Count },
        };
    }

    private Suggests SuggestsOf(MessageContext request, RequestScope scope, CompleteRequestParams given)
    {
        var (name, known) = given.Ref switch
        {
            PromptReference prompt => (prompt.Name, prompts.Inputs(request, prompt.Name)),
            ResourceTemplateReference template => (template.Uri ?? "", Variables(scope, template.Uri ?? "")),
            _ => throw new KitaruUsageException("Only arguments of prompts and variables of resource templates can be completed.", "Name a ref/prompt or a ref/resource."),
        };
        return known.TryGetValue(given.Argument.Name, out var suggests)
            ? suggests
            : throw new KitaruUsageException($"There is no '{Texts.Short(given.Argument.Name, 80)}' in {Texts.Short(name)}.{Texts.DidYouMean(given.Argument.Name, known.Keys)}");
    }

    private static Dictionary<string, Suggests> Variables(RequestScope scope, string template)
    {
        var resource = ResourceCatalog.Offered(scope).FirstOrDefault(one => one.Pattern.Text == template)
            ?? throw new KitaruUsageException($"There is no template '{Texts.Short(template)}'.{Texts.DidYouMean(template, ResourceCatalog.All.Select(one => one.Pattern.Text))}", "Take one of resources/templates/list.");
        var known = resource.Pattern.Query.ToDictionary(name => name, _ => Suggests.Nothing, StringComparer.Ordinal);
        foreach (var (name, suggests) in resource.Suggests)
            known[name] = suggests;
        return known;
    }
}
