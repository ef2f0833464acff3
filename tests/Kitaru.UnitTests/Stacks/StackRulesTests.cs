using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.UnitTests.Stacks;

public sealed class StackRulesTests
{
    // Copied by hand from platform.md 2.2: R required, O optional, - refused.
    private const string Matrix =
        """
        artifact_store      - R R R R
        container_registry  - R R R R
        cluster             - R - - -
        region              - R R R O
        subscription_id     - - - - R
        resource_group      - - - - R
        workspace           - - - - R
        execution_role      - - - R -
        namespace           - O - - -
        credentials         - O O O O
        verify              - O O O O
        async_mode          - O O O O
        """;

    private static readonly string[] Types = ["local", "kubernetes", "vertex", "sagemaker", "azureml"];

    public static TheoryData<string, string, char> Cells()
    {
        var cells = new TheoryData<string, string, char>();
        foreach (var line in Matrix.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            for (var i = 0; i < Types.Length; i++)
                cells.Add(line[0], Types[i], line[i + 1][0]);
        }
        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Check_EveryCellOfTheMatrix_HoldsBothWays(string field, string type, char cell)
    {
        var without = Set(Valid(type), field, given: false);
        var with = Set(Valid(type), field, given: true);
        switch (cell)
        {
            case 'R':
                Refused(without).Message.ShouldContain($"needs `{field}`");
                Refused(Blank(Valid(type), field)).Message.ShouldContain($"`{field}`");
                StackRules.Check(with).Type.ShouldBe(type);
                break;
            case 'O':
                StackRules.Check(without).Type.ShouldBe(type);
                StackRules.Check(with).Type.ShouldBe(type);
                break;
            default:
                StackRules.Check(without).Type.ShouldBe(type);
                var fault = Refused(with);
                fault.Message.ShouldContain($"`{field}`");
                fault.Message.ShouldContain($"this one is of type {type}");
                break;
        }
    }

    [Fact]
    public void Check_SeveralMissing_AreNamedTogetherInOrder() =>
        Refused(new StackRequest { Name = "a", Type = "azureml" }).Message
            .ShouldContain("`artifact_store`, `container_registry`, `subscription_id`, `resource_group`, `workspace`");

    [Fact]
    public void Check_SeveralOfAnotherType_TheNarrowestGroupIsNamed()
    {
        var fault = Refused(new StackRequest { Name = "a", Cluster = "c", Namespace = "n", Region = "r", Credentials = "x" });

        fault.Message.ShouldStartWith("`cluster`, `namespace`: only for stacks of type kubernetes;");
    }

    [Fact]
    public void Check_BlankFieldOfAnotherType_CountsAsGiven() =>
        Refused(new StackRequest { Name = "a", Cluster = " " }).Message.ShouldContain("`cluster`");

    [Fact]
    public void Check_TypeAndName_AreTrimmed()
    {
        var stack = StackRules.Check(Valid("vertex") with { Name = "  prod ", Type = " VERTEX " });

        (stack.Name, stack.Type).ShouldBe(("prod", "vertex"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("0199c0de-0000-7000-8000-000000000000")]
    public void Check_ImpossibleName_IsRefused(string name) => Refused(new StackRequest { Name = name }).Details!["argument"]!.ToString().ShouldBe("name");

    [Theory]
    [InlineData("kubernets", "one of local, kubernetes, vertex, sagemaker, azureml")]
    [InlineData("modal", "one of local")]
    [InlineData(" ", "one of local")]
    public void Check_UnknownType_ListsTheTypes(string type, string says) =>
        Refused(new StackRequest { Name = "a", Type = type }).Message.ShouldContain(says);

    [Theory]
    [InlineData("kubernetes", "az://bucket", "aws or gcp")]
    [InlineData("vertex", "s3://bucket", "gcp")]
    [InlineData("sagemaker", "gs://bucket", "aws")]
    [InlineData("azureml", "s3://bucket", "azure")]
    [InlineData("vertex", "http://bucket", "gs://")]
    [InlineData("vertex", "/tmp/x", "gs://")]
    [InlineData("vertex", "gs://", "gs://")]
    [InlineData("vertex", "gs://user:hush@bucket", "'@' in it")]
    public void Check_StoreOfAnotherProvider_IsRefused(string type, string store, string says)
    {
        var fault = Refused(Valid(type) with { ArtifactStore = store });

        fault.Message.ShouldContain(says);
        fault.Message.ShouldNotContain("hush");
    }

    [Fact]
    public void Check_Abfss_IsStoredAsAbfs() =>
        StackRules.Check(Valid("azureml") with { ArtifactStore = "abfss://c@account.dfs.core.windows.net/x" }).Settings["artifact_store"]!.ToString()
            .ShouldBe("abfs://c@account.dfs.core.windows.net/x");

    [Theory]
    [InlineData("sagemaker", "AWS-Profile:prod", "aws-profile", "prod", "")]
    [InlineData("sagemaker", "aws-access-keys:ID:hush/+", "aws-access-keys", null, "id,secret")]
    [InlineData("sagemaker", "aws-access-key:ID:hush", "aws-access-keys", null, "id,secret")]
    [InlineData("sagemaker", "aws-session-token:ID:hush:a:b", "aws-session-token", null, "id,secret,token")]
    [InlineData("azureml", "azure-service-principal:T:C:hush", "azure-service-principal", null, "tenant,client,secret")]
    [InlineData("azureml", "azure-access-token:hush", "azure-access-token", null, "token")]
    [InlineData("azureml", "Implicit", "implicit", null, "")]
    [InlineData("vertex", null, "implicit", null, "")]
    public void Check_Credentials_AreTakenApart(string type, string? text, string method, string? profile, string secrets)
    {
        var stack = StackRules.Check(Valid(type) with { Credentials = text });

        var credentials = stack.Credentials.ShouldNotBeNull();
        (credentials.Method, credentials.Profile).ShouldBe((method, profile));
        string.Join(',', credentials.Secrets.Keys).ShouldBe(secrets);
        stack.Settings.ToJsonString().ShouldNotContain("hush");
    }

    [Theory]
    [InlineData("sagemaker", "hush")]
    [InlineData("sagemaker", "hush:hush")]
    [InlineData("sagemaker", "aws-profile:")]
    [InlineData("sagemaker", "aws-access-keys:hush")]
    [InlineData("sagemaker", "aws-access-keys::hush")]
    [InlineData("sagemaker", "azure-access-token:hush")]
    [InlineData("vertex", "implicit")]
    [InlineData("azureml", "azure-service-principal:hush:hush")]
    public void Check_MalformedCredentials_ListsTheForms_AndRepeatsNothing(string type, string text)
    {
        var fault = Refused(Valid(type) with { Credentials = text });

        fault.Message.ShouldContain("a form for");
        (fault.Message + fault.NextStep + fault.Details).ShouldNotContain("hush");
    }

    [Fact]
    public void Check_GcpKeyFile_IsReadAtOnce()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """{"private_key": "hush"}""");
            StackRules.Check(Valid("vertex") with { Credentials = $"gcp-service-account:{file}" }).Credentials!.Secrets["service_account_json"].ShouldContain("hush");
            File.WriteAllText(file, "hush");
            Refused(Valid("vertex") with { Credentials = $"gcp-service-account:{file}" }).Message.ShouldNotContain("hush");
        }
        finally
        {
            File.Delete(file);
        }
        Refused(Valid("vertex") with { Credentials = $"gcp-service-account:{file}" }).Message.ShouldContain(file);
    }

    [Fact]
    public void Check_KeyFileIsADevice_IsRefused()
    {
        if (OperatingSystem.IsWindows())
            return;
        var link = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.CreateSymbolicLink(link, "/dev/zero");
        try
        {
            foreach (var path in new[] { "/dev/zero", link })
                Refused(Valid("vertex") with { Credentials = $"gcp-service-account:{path}" }).Message.ShouldContain("it is not JSON");
        }
        finally
        {
            File.Delete(link);
        }
    }

    [Theory]
    [InlineData("""{"orchestrater": {}}""", "Did you mean 'orchestrator'?")]
    [InlineData("""{"orchestrator": 3}""", "an object of options")]
    [InlineData("""{"orchestrator": {"concurency": 3}}""", "Did you mean 'concurrency'?")]
    [InlineData("""{"orchestrator": {"concurrency": 0}}""", "1 to 256")]
    [InlineData("""{"orchestrator": {"concurrency": 257}}""", "1 to 256")]
    [InlineData("""{"orchestrator": {"concurrency": "4"}}""", "1 to 256")]
    [InlineData("""{"orchestrator": {"concurrency": 1e300}}""", "1 to 256")]
    [InlineData("""{"orchestrator": {"idle_seconds": -1}}""", "0 to 86400")]
    [InlineData("""{"orchestrator": {"idle_seconds": null}}""", "0 to 86400")]
    [InlineData("""{"orchestrator": {"environment": {"A=B": "x"}}}""", "without '='")]
    [InlineData("""{"orchestrator": {" ": 1}}""", "not blank")]
    [InlineData("""{"artifact_store": {"path": "/x"}}""", "has none")]
    [InlineData("""{"container_registry": {}}""", "has no container registry")]
    public void Check_WrongOptionOfALocalStack_IsNamed(string extra, string says)
    {
        var fault = Refused(new StackRequest { Name = "a", Extra = (JsonObject)JsonNode.Parse(extra)! });

        fault.Message.ShouldContain(says);
        fault.Details!["argument"]!.ToString().ShouldBe("extra");
    }

    [Theory]
    [InlineData("""{"orchestrator": {"concurrency": 4, "idle_seconds": 1}}""")]
    [InlineData("""{"orchestrator": {"concurrency": 4.0, "idle_seconds": 1.0}}""")]
    public void Check_WholeNumbersInAnySpelling_AreTaken(string extra)
    {
        var options = StackRules.Check(new StackRequest { Name = "a", Extra = Extra(extra) }).Settings["extra"]!["orchestrator"]!;

        (options["concurrency"]!.GetValue<int>(), options["idle_seconds"]!.GetValue<double>()).ShouldBe((4, 1));
    }

    [Fact]
    public void Check_Async_MeansNotSynchronous_UnlessThatIsSaid()
    {
        Orchestrator(Valid("vertex") with { Async = true }).ShouldBe("""{"synchronous":false}""");
        Orchestrator(Valid("vertex") with { Async = true, Extra = Extra("""{"orchestrator":{"synchronous":true}}""") }).ShouldBe("""{"synchronous":true}""");
        Orchestrator(Valid("vertex") with { Extra = Extra("""{"orchestrator":{"a":{"b":[1]}}}""") }).ShouldBe("""{"a":{"b":[1]}}""");
    }

    // Copied by hand from platform.md 2.7.
    [Theory]
    [InlineData("kubernetes", "provider,cluster,region,namespace,artifact_store,container_registry", "cluster,region,namespace", "s3,aws")]
    [InlineData("vertex", "provider,region,artifact_store,container_registry", "location", "gcp,gcp")]
    [InlineData("sagemaker", "provider,region,artifact_store,container_registry,execution_role", "region,execution_role", "s3,aws")]
    [InlineData("azureml", "provider,subscription_id,resource_group,workspace,artifact_store,container_registry,region", "subscription_id,resource_group,workspace,location", "azure,azure")]
    public void Json_RemoteStack_HasItsResourcesAndComponents(string type, string resources, string runner, string backends)
    {
        var stack = Record(type);

        var created = StackJson.Created(stack, isActive: true, previous: "default");
        created.Select(pair => pair.Key).ShouldBe(
            ["id", "name", "is_active", "previous_active_stack", "components_created", "stack_type", "service_connectors_created", "resources"], ignoreOrder: true);
        string.Join(',', created["resources"]!.AsObject().Select(pair => pair.Key)).ShouldBe(resources);
        created["components_created"]!.AsArray().Select(name => name!.ToString()).ShouldBe(["s (orchestrator)", "s (artifact_store)", "s (container_registry)"]);
        var show = StackJson.Show(stack, isActive: false);
        show.Select(pair => pair.Key).ShouldBe(["id", "name", "is_active", "is_managed", "stack_type", "components"]);
        var components = show["components"]!.AsArray();
        components.Select(component => component!["role"]!.ToString()).ShouldBe(["runner", "storage", "image_registry"]);
        components[0]!["backend"]!.ToString().ShouldBe(type);
        string.Join(',', components[0]!["details"]!.AsObject().Select(pair => pair.Key)).ShouldBe(runner);
        $"{components[1]!["backend"]},{components[2]!["backend"]}".ShouldBe(backends);
    }

    [Fact]
    public void Json_LocalStack_HasTwoComponentsAndNoResources()
    {
        var created = StackJson.Created(Record("local"), isActive: false, previous: null);

        created.Select(pair => pair.Key).ShouldBe(["id", "name", "is_active", "previous_active_stack", "components_created", "stack_type"]);
        created["components_created"]!.ToJsonString().ShouldBe("""["s (orchestrator)","s (artifact_store)"]""");
        StackJson.Deleted(Record("local"), recursive: true, newActive: null).ToJsonString().ShouldBe(
            """{"deleted_stack":"s","components_deleted":["s (orchestrator)","s (artifact_store)"],"new_active_stack":null,"recursive":true}""");
        StackJson.Deleted(Record("local"), recursive: false, newActive: "default")["components_deleted"]!.AsArray().ShouldBeEmpty();
    }

    internal static StackRequest Valid(string type) => type switch
    {
        "kubernetes" => new() { Name = "s", Type = type, ArtifactStore = "s3://b/x", ContainerRegistry = "1.dkr.ecr.eu.amazonaws.com", Cluster = "c", Region = "eu" },
        "vertex" => new() { Name = "s", Type = type, ArtifactStore = "gs://b", ContainerRegistry = "eu-docker.pkg.dev/p/r", Region = "eu" },
        "sagemaker" => new() { Name = "s", Type = type, ArtifactStore = "s3://b", ContainerRegistry = "1.dkr.ecr.eu.amazonaws.com", Region = "eu", ExecutionRole = "arn:r" },
        "azureml" => new()
        {
            Name = "s",
            Type = type,
            ArtifactStore = "az://b",
            ContainerRegistry = "r.azurecr.io",
            SubscriptionId = "i",
            ResourceGroup = "g",
            Workspace = "w",
            Region = "eu",
        },
        _ => new() { Name = "s", Type = type },
    };

    private static StackRecord Record(string type)
    {
        var stack = StackRules.Check(Valid(type));
        return StackRecord.BuiltIn with { Name = stack.Name, Type = stack.Type, Settings = stack.Settings, IsManaged = true };
    }

    private static StackRequest Set(StackRequest request, string field, bool given) => With(request, field, given ? request.Type switch
    {
        "vertex" => field == "artifact_store" ? "gs://b" : "x",
        "azureml" => field == "artifact_store" ? "az://b" : field == "credentials" ? "implicit" : "x",
        _ => field == "artifact_store" ? "s3://b" : field == "credentials" ? "aws-profile:x" : "x",
    } : null) with
    {
        Verify = field != "verify" || !given,
        Async = field == "async_mode" && given,
    };

    private static StackRequest Blank(StackRequest request, string field) => With(request, field, "  ");

    private static StackRequest With(StackRequest request, string field, string? text) => field switch
    {
        "artifact_store" => request with { ArtifactStore = text },
        "container_registry" => request with { ContainerRegistry = text },
        "cluster" => request with { Cluster = text },
        "region" => request with { Region = text },
        "subscription_id" => request with { SubscriptionId = text },
        "resource_group" => request with { ResourceGroup = text },
        "workspace" => request with { Workspace = text },
        "execution_role" => request with { ExecutionRole = text },
        "namespace" => request with { Namespace = text },
        // A gcp form needs a file; that it is taken at all is what counts here.
        "credentials" => request with { Credentials = request.Type == "vertex" ? null : text },
        _ => request,
    };

    private static JsonObject Extra(string json) => (JsonObject)JsonNode.Parse(json)!;

    private static string Orchestrator(StackRequest request) => StackRules.Check(request).Settings["extra"]!["orchestrator"]!.ToJsonString();

    private static KitaruUsageException Refused(StackRequest request)
    {
        var fault = Should.Throw<KitaruUsageException>(() => StackRules.Check(request));
        fault.NextStep.ShouldNotBeNullOrEmpty();
        return fault;
    }
}
