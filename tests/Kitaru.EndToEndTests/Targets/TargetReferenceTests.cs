using Kitaru.ControlPlane.Targets;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Targets;

public sealed class TargetReferenceTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private TargetReference Parse(string target) => TargetReference.Parse(target, _folder.Root);

    private KitaruUsageException Refused(string target) => Should.Throw<KitaruUsageException>(() => Parse(target));

    [Theory]
    [InlineData("flows/Research.cs", TargetKind.SourceFile)]
    [InlineData("app/App.csproj", TargetKind.Project)]
    [InlineData("out/App.dll", TargetKind.Assembly)]
    public void RelativePath_StartsAtWorkingDirectory(string path, TargetKind kind)
    {
        var file = _folder.Write(path, "");

        var target = Parse(path + ":research_agent");

        target.Kind.ShouldBe(kind);
        target.FullPath.ShouldBe(file);
        target.Flow.ShouldBe("research_agent");
    }

    [Fact]
    public void Colons_LastOneSplits()
    {
        var file = OperatingSystem.IsWindows() ? _folder.Write("a.cs", "") : _folder.Write("a:b.cs", "");

        Parse(file + ":Flows.Run").ShouldSatisfyAllConditions(
            target => target.FullPath.ShouldBe(file),
            target => target.Flow.ShouldBe("Flows.Run"));
    }

    [Fact]
    public void Folder_WithOneProject_IsThatProject()
    {
        var project = _folder.Write("app/App.csproj", "<Project />");

        Parse("app:x").FullPath.ShouldBe(project);
        Parse("./app/:x").FullPath.ShouldBe(project);
    }

    [Fact]
    public void Folder_WithSeveralProjects_NamesThem()
    {
        _folder.Write("app/One.csproj", "<Project />");
        _folder.Write("app/Two.csproj", "<Project />");

        Refused("./app:x").Message.ShouldSatisfyAllConditions(
            message => message.ShouldContain("One.csproj"),
            message => message.ShouldContain("Two.csproj"));
    }

    [Fact]
    public void Folder_WithoutProject_NamesItsSources()
    {
        _folder.Write("flows/Research.cs", "");

        Refused("flows:x").Message.ShouldContain("Research.cs");
    }

    [Fact]
    public void AssemblyName_FindsProjectByFileNameOrProperty()
    {
        var byFile = _folder.Write("deep/er/MyApp.Flows.csproj", "<Project />");
        var byProperty = _folder.Write("other/Thing.csproj", "<Project><PropertyGroup><AssemblyName>Other.Flows</AssemblyName></PropertyGroup></Project>");

        Parse("MyApp.Flows:x").FullPath.ShouldBe(byFile);
        Parse("Other.Flows:x").FullPath.ShouldBe(byProperty);
    }

    [Fact]
    public void AssemblyName_WithoutProject_FindsBuildOutputButNoReferenceAssembly()
    {
        _folder.Write("app/obj/Debug/MyApp.Flows.dll", "");
        _folder.Write("app/bin/ref/MyApp.Flows.dll", "");
        var dll = _folder.Write("app/bin/Debug/net10.0/MyApp.Flows.dll", "");

        Parse("MyApp.Flows:x").ShouldSatisfyAllConditions(
            target => target.Kind.ShouldBe(TargetKind.Assembly),
            target => target.FullPath.ShouldBe(dll));
    }

    [Fact]
    public void AssemblyName_ThatSeveralHave_NamesThem()
    {
        _folder.Write("one/MyApp.csproj", "<Project />");
        _folder.Write("two/MyApp.csproj", "<Project />");

        Refused("MyApp:x").Message.ShouldSatisfyAllConditions(
            message => message.ShouldContain(Path.Combine("one", "MyApp.csproj")),
            message => message.ShouldContain(Path.Combine("two", "MyApp.csproj")));
    }

    [Fact]
    public void AssemblyName_Misspelled_SuggestsTheNearest()
    {
        _folder.Write("app/MyApp.Flows.csproj", "<Project />");

        Refused("MyApp.Flow:x").Message.ShouldContain("Did you mean 'MyApp.Flows'?");
    }

    [Fact]
    public void MissingFile_SuggestsTheNearest()
    {
        var near = _folder.Write("flows/Research.cs", "");

        var error = Refused("flows/Reserch.cs:x");

        error.Message.ShouldContain(near);
        error.NextStep.ShouldNotBeNull().ShouldContain("flows/Research.cs:research_agent");
        error.Details.ShouldNotBeNull()["argument"]!.GetValue<string>().ShouldBe("target");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Research.cs")]
    [InlineData(":x")]
    [InlineData("Research.cs:")]
    [InlineData("C:\\flows\\Research.cs")]
    [InlineData("a\0b.cs:x")]
    [InlineData("a\nb.cs:x")]
    [InlineData("../../../../../../nowhere/x.cs:x")]
    [InlineData("*.cs:x")]
    [InlineData("~nobody/x.cs:x")]
    public void Malformed_IsAUsageErrorWithAnExample(string target)
    {
        var error = Refused(target);

        error.Code.ShouldBe("KitaruUsageError");
        error.NextStep.ShouldNotBeNull().ShouldContain(":research_agent");
    }

    [Fact]
    public void OtherKindOfFile_IsRefused()
    {
        _folder.Write("flow.py", "");

        Refused("flow.py:x").Message.ShouldContain("not a .cs, .csproj or .dll file");
    }

    [Fact]
    public void ProjectWithHostileXml_IsPassedOver()
    {
        _folder.Write("bad/Bad.csproj", "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><Project><AssemblyName>&a;</AssemblyName></Project>");

        Parse("Bad:x").Kind.ShouldBe(TargetKind.Project);
    }
}
