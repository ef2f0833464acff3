namespace Kitaru.Mcp.Tools;

/// <summary>What a tool needs beside the store.</summary>
internal enum ToolNeeds
{
    /// <summary>Nothing.</summary>
    Store,

    /// <summary>The caller's own files: it builds a target.</summary>
    Sources,

    /// <summary>The caller's own processes: it starts or stops the local server.</summary>
    Machine,
}
