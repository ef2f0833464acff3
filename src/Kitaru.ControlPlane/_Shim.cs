#pragma warning disable
using Kitaru.Core; using Kitaru.Core.Configuration; using Kitaru.Core.Flows;
namespace Kitaru.ControlPlane { public sealed record EmbeddedOptions { public ConfigDirectory Directory {get;init;} public TimeProvider Time {get;init;} }
 public static class EmbeddedControlPlane { public static Task<IControlPlane> OpenAsync(EmbeddedOptions o, CancellationToken ct) => throw new KitaruBackendException("shim: no store", "wait for it"); } }
namespace Kitaru.ControlPlane.Workers { public static class ProcessIdentities { public static ProcessIdentity Current() => null; } }
namespace Kitaru.ControlPlane.Targets { public sealed record Built(FlowDefinition Flow, SnapshotId Snapshot); public sealed class TargetBuilder(ConfigDirectory d, ISnapshots s) { public Task<Built> BuildAsync(string t, string w, IProgress<string>? p, CancellationToken ct) => throw new KitaruUsageException("shim"); } }
