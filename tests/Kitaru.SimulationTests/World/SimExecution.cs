using Kitaru.Core;
using Kitaru.SimulationTests.Programs;

namespace Kitaru.SimulationTests.World;

/// <summary>An execution of the simulation, as its clients know it.</summary>
internal sealed class SimExecution(NewExecution create, FlowProgram program)
{
    public ExecutionId Id => New.Id;

    public NewExecution New { get; } = create;

    public FlowProgram Program { get; } = program;

    public bool IsStarted { get; set; }

    /// <summary>Not known to be there.</summary>
    public bool IsOptional { get; set; }

    /// <summary>Somebody was told that it is cancelled.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>Somebody tried to cancel it or to abort a wait: it may end otherwise than its program says.</summary>
    public bool IsDisturbed { get; set; }

    public int AnswerOf(string wait) => Program.Questions.First(question => wait == question.Name || wait.StartsWith(question.Name + "_", StringComparison.Ordinal)).Answer;
}
