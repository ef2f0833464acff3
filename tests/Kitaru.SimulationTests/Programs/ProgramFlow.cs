using System.Reflection;
using Kitaru.Core.Flows;
using Kitaru.Hosting;

namespace Kitaru.SimulationTests.Programs;

/// <summary>The one method behind all programs; which one it runs is a matter of its services.</summary>
internal sealed class ProgramFlow(Interpreter interpreter)
{
    private static readonly MethodInfo Method = typeof(ProgramFlow).GetMethod(nameof(RunAsync))!;

    public static FlowEntry EntryOf(FlowProgram program) => new(
        new FlowDefinition { Name = program.Name, Type = typeof(ProgramFlow).FullName!, Method = nameof(RunAsync) }, Method);

    public Task<long> RunAsync() => interpreter.RunAsync();

    /// <summary>Makes the flow's object for one run.</summary>
    internal sealed class Services(Func<Interpreter> interpreter) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(ProgramFlow) ? new ProgramFlow(interpreter()) : null;
    }
}
