using Kitaru.Client.Status;
using Kitaru.Core.Configuration;

namespace Kitaru.UnitTests.Mcp;

public class StatusToolTests
{
    // Copied by hand from the contract.
    private static readonly string[] Keys =
    [
        "sdk_version", "connection", "connection_target", "config_directory", "server_url", "active_user", "project_override", "active_stack",
        "repository_root", "server_version", "server_database", "server_deployment_type", "local_server_status", "warning", "log_store_status",
        "log_store_warning", "environment", "kitaru_global_config_path", "zenml_global_config_path", "local_stores_path", "repository_config_path",
        "uses_repo_local_config", "connection_sources", "active_project", "active_stack_provenance", "active_project_provenance", "python_version",
        "system_info", "environment_type", "zenml_version", "packages",
    ];

    [Fact]
    public async Task Status_OpenStore_HasAllKeysInOrder()
    {
        await using var bench = await McpBench.StartAsync();
        var status = await bench.SuccessAsync("kitaru_status", "{}");
        status.Select(pair => pair.Key).ShouldBe([.. Keys, "dotnet_version", "retention", "database_bytes"]);
        status["connection"]!.ToString().ShouldBe("local database");
        status["connection_target"]!.ToString().ShouldStartWith("sqlite:///");
        status["warning"].ShouldBeNull();
        status["python_version"].ShouldBeNull();
    }

    [Fact]
    public void Take_StoreFault_IsAWarningNotAnError()
    {
        var json = RuntimeSnapshots.Take(new ConfigDirectory(Path.GetTempPath()), _ => null, Path.GetTempPath(), new KitaruBackendException("It is locked.", "Wait.")).ToJson();
        json["connection"]!.ToString().ShouldBe("local mode (unavailable)");
        json["warning"]!.ToString().ShouldBe("It is locked. Wait.");
    }

    [Theory]
    [InlineData("KITARU_AUTH_TOKEN", "abcdefghijklmnopqrst", "abcdefgh***")]
    [InlineData("KITARU_AUTH_TOKEN", "short-one", "***")]
    [InlineData("KITARU_STACK", "default", "default")]
    public void Take_Variables_AreMaskedWhenSecret(string name, string value, string shown)
    {
        var json = RuntimeSnapshots.Take(new ConfigDirectory(Path.GetTempPath()), key => key == name ? value : "  ", Path.GetTempPath()).ToJson();
        var variable = json["environment"]!.AsArray().ShouldHaveSingleItem()!;
        (variable["name"]!.ToString(), variable["value"]!.ToString()).ShouldBe((name, shown));
    }

    [Fact]
    public void Take_FolderBelowAProject_FindsItsRoot()
    {
        var root = Directory.CreateTempSubdirectory("kitaru-status-").FullName;
        try
        {
            var below = Directory.CreateDirectory(Path.Combine(root, "a", "b")).FullName;
            Directory.CreateDirectory(Path.Combine(root, ".kitaru"));
            var json = RuntimeSnapshots.Take(new ConfigDirectory(root), _ => null, below).ToJson();
            json["repository_root"]!.ToString().ShouldBe(root);
            json["uses_repo_local_config"]!.GetValue<bool>().ShouldBeFalse();
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
