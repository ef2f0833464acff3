namespace Kitaru.ControlPlane.Storage;

/// <summary>What a database answered instead of doing it. Never leaves the driver, which puts it into our words.</summary>
internal abstract class DatabaseException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>A row with this key is there already.</summary>
    public abstract bool IsDuplicate { get; }
}
