using Kitaru.Core;

namespace Kitaru.Hosting;

/// <summary>A control plane that gives what belongs to an execution only to those who say which one they hold.</summary>
internal interface IRunScope
{
    /// <summary>The same control plane for the run of this execution. It lives as long as this one and needs no disposing.</summary>
    IControlPlane For(ExecutionId id);
}
