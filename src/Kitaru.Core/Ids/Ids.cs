using System.Diagnostics.CodeAnalysis;

namespace Kitaru;

/// <summary>The id of one execution: a UUIDv7.</summary>
public readonly record struct ExecutionId(Guid Value)
{
    /// <summary>Reads the hyphenated form; anything else is a <see cref="KitaruUsageException"/>.</summary>
    public static ExecutionId Parse(string text) =>
        TryParse(text, out var id) ? id : throw KitaruUsageException.BadId("execution id", text);

    /// <summary>Reads the hyphenated form.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ExecutionId id)
    {
        var ok = Guid.TryParse(text?.Trim(), out var value);
        id = new ExecutionId(value);
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}

/// <summary>The id of one registered flow: a UUIDv7.</summary>
public readonly record struct FlowId(Guid Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}

/// <summary>The id of one wait: a UUIDv7.</summary>
public readonly record struct WaitId(Guid Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}

/// <summary>The id of one checkpoint call: a UUIDv7 that follows from the execution and the call's key.</summary>
public readonly record struct CallId(Guid Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}

/// <summary>The id of one artifact: a UUIDv7. The output of a checkpoint carries the id of its call.</summary>
public readonly record struct ArtifactId(Guid Value)
{
    /// <summary>Reads the hyphenated form; anything else is a <see cref="KitaruUsageException"/>.</summary>
    public static ArtifactId Parse(string text) =>
        Guid.TryParse(text?.Trim(), out var value)
            ? new ArtifactId(value)
            : throw KitaruUsageException.BadId("artifact id", text ?? "");

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}

/// <summary>
/// The id of a snapshot: the SHA-256 of its content in lower-case hex, or <c>program:NAME</c> for a flow that
/// runs inside a user's own program and has no staged copy.
/// </summary>
public readonly record struct SnapshotId(string Value)
{
    private const string ProgramPrefix = "program:";

    /// <summary>The id of flows that only the program with this entry assembly can run.</summary>
    public static SnapshotId ForProgram(string assemblyName) => new(ProgramPrefix + assemblyName);

    /// <summary>Whether only a running program can execute it, so that no worker can be started for it.</summary>
    public bool IsProgram => Value.StartsWith(ProgramPrefix, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>The id of one deployment: a UUIDv7.</summary>
public readonly record struct DeploymentId(Guid Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}

/// <summary>The id of one stack: a UUIDv7; the built-in stack has one of its own.</summary>
public readonly record struct StackId(Guid Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}

/// <summary>The id of one secret: a UUIDv7.</summary>
public readonly record struct SecretId(Guid Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}

/// <summary>The id of one worker process, or of one program that runs its own flows: a UUIDv7.</summary>
public readonly record struct WorkerId(Guid Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}

/// <summary>The id of one project: a UUIDv7.</summary>
public readonly record struct ProjectId(Guid Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}

/// <summary>The id of one service account: a UUIDv7.</summary>
public readonly record struct ServiceAccountId(Guid Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}

/// <summary>The id of one API key: a UUIDv7.</summary>
public readonly record struct ApiKeyId(Guid Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}
