namespace Kitaru;

/// <summary>What is cleaned (platform.md 8.2).</summary>
public enum CleanScope
{
    /// <summary>The folder <c>.kitaru</c> of the project around the working directory.</summary>
    Project,

    /// <summary>The config directory with the local database, its values, compiled code, logins and settings.</summary>
    Global,

    /// <summary>Both; a project that is not there is fine.</summary>
    All,
}
