using Kitaru.Core;
using Kitaru.Server.Access;
using Kitaru.Server.Projects;

namespace Kitaru.ServerTests;

/// <summary>Tokens that are what they say.</summary>
internal sealed class TestTokens : IAuthenticator
{
    public const string Admin = "the-admin-of-the-tests-0123456789abcdef";
    public const string Viewer = "viewer";
    public const string Member = "member";
    public const string OfOther = "of-other";
    public const string Worker = "worker";

    public static readonly WorkerId WorkerId = new(new Guid("01900000-0000-7000-8000-00000000aaaa"));

    public static readonly WorkerKind Kind = new(new SnapshotId("code-1"), EnvironmentId.Plain);

    public Task<Principal?> AuthenticateAsync(string token, CancellationToken cancellationToken) => Task.FromResult(token switch
    {
        Viewer => In(OneProject.Default, Role.Viewer),
        Member => In(OneProject.Default, Role.Member),
        OfOther => In(TestProjects.Other, Role.Member),
        Worker => new Principal("worker", false, new Dictionary<ProjectId, Role>()) { Worker = new WorkerScope(OneProject.Default.Id, WorkerId, Kind) },
        _ => null,
    });

    private static Principal In(Project project, Role role) => new(role.ToString(), false, new Dictionary<ProjectId, Role> { [project.Id] = role });
}
