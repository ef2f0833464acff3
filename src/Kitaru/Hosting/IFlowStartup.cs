using Microsoft.Extensions.DependencyInjection;

namespace Kitaru;

/// <summary>
/// Registers what instance flows ask for in their constructors. A public class with this interface and a parameterless constructor in
/// the flow's assembly is found by the worker.
/// </summary>
public interface IFlowStartup
{
    /// <summary>Adds services; logging is there already.</summary>
    void ConfigureServices(IServiceCollection services);
}
