using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.ConformanceHost.Fixtures;

/// <summary>The prompts the suite asks for.</summary>
internal static class Prompts
{
    public static IList<Prompt> All { get; } =
    [
        new() { Name = "test_simple_prompt", Description = "Says one thing." },
        new()
        {
            Name = "test_prompt_with_arguments",
            Description = "Repeats its arguments.",
            Arguments = [new PromptArgument { Name = "arg1", Description = "First.", Required = true }, new PromptArgument { Name = "arg2", Description = "Second.", Required = true }],
        },
        new() { Name = "test_prompt_with_embedded_resource", Description = "Holds a resource.", Arguments = [new PromptArgument { Name = "resourceUri", Description = "Which.", Required = true }] },
        new() { Name = "test_prompt_with_image", Description = "Holds a picture." },
        new() { Name = "test_input_required_result_prompt", Description = "Asks first." },
    ];

    public static GetPromptResult Get(RequestContext<GetPromptRequestParams> request) => request.Params!.Name switch
    {
        "test_simple_prompt" => Said(Contents.Text("This is a simple prompt for testing.")),
        "test_prompt_with_arguments" => Said(Contents.Text($"Prompt with arguments: arg1='{Argument(request, "arg1")}', arg2='{Argument(request, "arg2")}'")),
        "test_prompt_with_embedded_resource" => Said(
            Contents.Resource(Argument(request, "resourceUri"), "text/plain", "Embedded resource content for testing."), Contents.Text("Please process the embedded resource above.")),
        "test_prompt_with_image" => Said(Contents.Image(), Contents.Text("Please analyze the image above.")),
        "test_input_required_result_prompt" => request.Params.InputResponses?.ContainsKey("user_context") == true
            ? Said(Contents.Text("The context was given."))
            : throw Asks.For(("user_context", Asks.Text("What context should the prompt use?", "context"))),
        var name => throw new McpProtocolException($"There is no prompt '{name}'.", McpErrorCode.InvalidParams),
    };

    private static string Argument(RequestContext<GetPromptRequestParams> request, string name) =>
        request.Params!.Arguments?.TryGetValue(name, out var value) == true ? value.ToString() : throw new McpProtocolException($"The argument '{name}' is missing.", McpErrorCode.InvalidParams);

    private static GetPromptResult Said(params ContentBlock[] content) => new() { Messages = [.. content.Select(block => new PromptMessage { Role = Role.User, Content = block })] };
}
