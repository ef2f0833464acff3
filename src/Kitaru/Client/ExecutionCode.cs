namespace Kitaru;

/// <summary>Which code an execution goes on with.</summary>
public enum ExecutionCode
{
    /// <summary>The code it was recorded with, whatever became of its source.</summary>
    Recorded,

    /// <summary>The present code of its target, built anew; what it records must fit what was recorded.</summary>
    Current,
}
