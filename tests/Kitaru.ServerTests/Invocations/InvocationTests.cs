using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Flows;

namespace Kitaru.ServerTests.Invocations;

public sealed class InvocationTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private IControlPlane _plane = null!;
    private DeploymentRecord _deployed = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _plane = await _server.ConnectAsync(TestTokens.Member);
        var (id, archive) = Pack();
        await _plane.Snapshots.PutAsync(new SnapshotRecord(id, new FlowManifest { Flows = [Flow] }, TimeProvider.System.GetUtcNow(), archive.Length));
        await _plane.Snapshots.StoreContentAsync(id, new MemoryStream(archive));
        _deployed = await _plane.Deployments.CreateAsync(new NewDeployment
        {
            Flow = "greet",
            Tags = new Dictionary<string, bool> { ["canary"] = false },
            Snapshot = id,
            Target = "greet.cs:greet",
            StackName = StackRecord.DefaultName,
            Spec = [],
            Inputs = new JsonObject { ["tone"] = "warm" },
        });
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Theory]
    [InlineData("/api/v1/flows/greet/invoke")]
    [InlineData("/api/v1/flows/greet/invoke?tag=canary")]
    [InlineData("/api/v1/flows/greet/invoke?version=1")]
    public async Task Invoke_ByTagOrVersion_StartsIt(string path)
    {
        var answer = await PostAsync(path, """{"inputs":{"topic":"tea"},"tags":["nightly"]}""", HttpStatusCode.Created);

        answer["id"]!.ToString().ShouldBe(answer["exec_id"]!.ToString());
        answer["inputs"]!.ToJsonString().ShouldContain("tea");
        var stored = (await _plane.Executions.FindAsync(ExecutionId.Parse(answer["id"]!.ToString()))).ShouldNotBeNull();
        stored.Deployment.ShouldBe(new DeploymentReference(_deployed.Id, 1));
        stored.Tags.ShouldBe(["nightly"]);
    }

    [Fact]
    public async Task Runs_OfTheContract_AnswerTheRun()
    {
        var answer = await PostAsync($"/api/v1/pipeline_snapshots/{_deployed.Id}/runs", """{"run_configuration":{"parameters":{"topic":"tea"}}}""", HttpStatusCode.Created);
        ExecutionId.TryParse(answer["id"]!.ToString(), out var id).ShouldBeTrue();
        (await _plane.Executions.FindAsync(id)).ShouldNotBeNull().FlowName.ShouldBe("greet");
    }

    [Fact]
    public async Task Invoke_WithAKey_StartsItOnce()
    {
        var first = await PostAsync("/api/v1/flows/greet/invoke", """{"inputs":{"topic":"tea"}}""", HttpStatusCode.Created, key: "k1");
        var again = await PostAsync("/api/v1/flows/greet/invoke", """{"inputs":{"topic":"tea"}}""", HttpStatusCode.OK, key: "k1");
        again["id"]!.ToString().ShouldBe(first["id"]!.ToString());
        await PostAsync("/api/v1/flows/greet/invoke", """{"inputs":{"topic":"coffee"}}""", HttpStatusCode.Conflict, key: "k1");
        (await _plane.Executions.ListAsync(new ExecutionQuery())).Total.ShouldBe(1);
    }

    [Theory]
    [InlineData("/api/v1/flows/greet/invoke", "{}", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/flows/greet/invoke", """{"inputs":{"topik":"tea"}}""", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/flows/greet/invoke", """{"inputs":{"topic":"tea"},"wait_seconds":3600}""", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/flows/greet/invoke?version=7", """{"inputs":{"topic":"tea"}}""", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/flows/greet/invoke?tag=canary&version=1", """{"inputs":{"topic":"tea"}}""", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/flows/other/invoke", """{"inputs":{"topic":"tea"}}""", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/pipeline_snapshots/01900000-0000-7000-8000-000000000009/runs", "{}", HttpStatusCode.NotFound)]
    public async Task Invoke_OfWhatIsNotThere_OrWithOtherInputs_StartsNothing(string path, string body, HttpStatusCode expected)
    {
        (await PostAsync(path, body, expected))["next_step"].ShouldNotBeNull();
        (await _plane.Executions.ListAsync(new ExecutionQuery())).Total.ShouldBe(0);
    }

    [Fact]
    public async Task Invoke_AndWait_AnswersTheEnd()
    {
        var answering = PostAsync("/api/v1/flows/greet/invoke", """{"inputs":{"topic":"tea"},"wait_seconds":30}""", HttpStatusCode.Created);
        var store = await _server.StoreAsync();
        var worker = new WorkerId(Some.NewId());
        IReadOnlyList<ClaimedExecution> claimed = [];
        for (long seen = 0; claimed.Count == 0; seen = await store.Executions.WaitForChangeAsync(seen))
            claimed = await store.Workers.ClaimAsync(worker, _deployed.Snapshot, 1);
        await store.Journal.FinishAsync(claimed[0].Lease, new Outcome(ExecutionStatus.Completed, null, Some.Json("\"hello\""), null, null));

        var answer = await answering;

        answer["status"]!.ToString().ShouldBe("completed");
        answer["result"]!.ToJsonString().ShouldContain("hello");
    }

    private static FlowDefinition Flow => new()
    {
        Name = "greet",
        Type = "My.Flows",
        Method = "Greet",
        Parameters =
        [
            new FlowParameter { Name = "topic", Required = true, Schema = new JsonObject { ["type"] = "string" } },
            new FlowParameter { Name = "tone", Required = false, Schema = new JsonObject { ["type"] = "string" } },
        ],
    };

    private async Task<JsonNode> PostAsync(string path, string body, HttpStatusCode expected, string? key = null)
    {
        using var http = _server.Http(TestTokens.Member);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(expected, text);
        return JsonNode.Parse(text)!;
    }

    private static (SnapshotId Id, byte[] Archive) Pack()
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("a.dll").Open();
            entry.Write("code"u8);
        }
        byte[] named = [.. "a.dll\n"u8, .. SHA256.HashData("code"u8)];
        return (new SnapshotId(Convert.ToHexStringLower(SHA256.HashData(named))), buffer.ToArray());
    }
}
