using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kitaru.Server.OpenApi;

/// <summary>The description of the interface, made from the endpoints themselves.</summary>
internal static class OpenApiDocument
{
    private static readonly Type[] Texts =
    [
        typeof(ExecutionId), typeof(FlowId), typeof(WaitId), typeof(CallId), typeof(ArtifactId), typeof(DeploymentId), typeof(StackId), typeof(SecretId), typeof(WorkerId),
        typeof(ProjectId), typeof(ServiceAccountId), typeof(ApiKeyId), typeof(SnapshotId), typeof(EnvironmentId),
    ];

    public static void AddDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Kitaru",
                Version = "v1",
                Description = "Durable executions over HTTP. The project is named by the header Kitaru-Project; errors are problem details with the members code, next_step and details.",
            };
            document.Servers = null;
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme> { ["token"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" } };
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (Texts.Contains(type))
                schema.Type = JsonSchemaType.String | (type == context.JsonTypeInfo.Type ? 0 : JsonSchemaType.Null);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<AccessRule>().FirstOrDefault() is { Role: { } role })
            {
                operation.Description = $"Needs the role {role.ToString().ToLowerInvariant()}.";
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("token", context.Document)] = [] }];
            }
            operation.Responses ??= [];
            operation.Responses["default"] = new OpenApiResponse
            {
                Description = "A problem.",
                Content = new Dictionary<string, OpenApiMediaType> { [Problem.MediaType] = new OpenApiMediaType() },
            };
            return Task.CompletedTask;
        });
    });
}
