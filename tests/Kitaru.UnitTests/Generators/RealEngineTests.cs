using System.Reflection;
using System.Text.Json;
using Kitaru.Core.Flows;
using Kitaru.Core.Json;
using Kitaru.Runtime;
using Kitaru.UnitTests.Engine;

namespace Kitaru.UnitTests.Generators;

/// <summary>The checkpoints of this file are intercepted by the compiler that builds these tests, and recorded by the real engine.</summary>
public sealed class RealEngineTests
{
    private int _calls;

    [Fact]
    public void Calls_InAFlowBody_AreRecordedUnderTheirNames()
    {
        var bench = new EngineBench(async () =>
        {
            var notes = await Task.WhenAll(GatherNotesAsync("tea", default), GatherNotesAsync("milk", default));
            return $"{string.Join(" ", notes)} {Score(notes)} {await Same(7)}";
        }).Go();

        bench.Result.ShouldBe("TEA MILK 2 7");
        bench.Store.Entries.Select(entry => entry.Key).Order().ShouldBe(["gather_notes", "gather_notes_2", "same", "score"]);
    }

    [Fact]
    public void Calls_AfterACrash_AreNotMadeAgain()
    {
        var bench = new EngineBench(async () => await GatherNotesAsync("tea", default) + await GatherNotesAsync("milk", default)).Go();
        _calls.ShouldBe(2);

        bench.CrashAndGo(seed: 3);

        _calls.ShouldBe(2);
        bench.Result.ShouldBe("TEAMILK");
    }

    [Fact]
    public async Task Call_OutsideAFlow_IsAnOrdinaryCall() => (await GatherNotesAsync("tea", default)).ShouldBe("TEA");

    [Fact]
    public void Manifest_OfThisAssembly_IsReadByTheVocabulary()
    {
        string json = typeof(RealEngineTests).Assembly.GetCustomAttribute<KitaruManifestAttribute>().ShouldNotBeNull().Json;

        var manifest = JsonSerializer.Deserialize<FlowManifest>(json, KitaruJson.Options).ShouldNotBeNull();

        manifest.Version.ShouldBe(1);
        manifest.Kitaru.ShouldBe(typeof(Flow).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]);
        var flow = manifest.Flows.Single(flow => flow.Method == nameof(ManifestFlow.DescribedAsync));
        flow.Name.ShouldBe("described");
        flow.Type.ShouldBe(typeof(ManifestFlow).FullName);
        flow.Description.ShouldBe("A flow for the manifest.");
        flow.Parameters.Select(parameter => (parameter.Name, parameter.Required)).ShouldBe([("topic", true), ("depth", false)]);
        flow.Parameters[1].Schema.ToJsonString().ShouldBe("""{"type":"integer","description":"How deep.","default":2}""");
    }

    [Checkpoint]
    internal Task<string> GatherNotesAsync(string topic, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _calls);
        return Task.FromResult(topic.ToUpperInvariant());
    }

    [Checkpoint(Retries = 1)]
    private static int Score(string[] notes) => notes.Length;

    [Checkpoint]
    private static ValueTask<T> Same<T>(T value) => new(value);

    private static class ManifestFlow
    {
        /// <summary>A flow for the manifest.</summary>
        /// <param name="topic">What about.</param>
        /// <param name="depth">How deep.</param>
        [Flow]
        public static Task<string> DescribedAsync(string topic, int depth = 2) => Task.FromResult($"{topic}{depth}");
    }
}
