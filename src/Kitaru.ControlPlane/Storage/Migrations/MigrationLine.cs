using System.Reflection;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>
/// The numbered files of one kind of store: what a project holds, or what belongs to a whole server. Forward only; a database has one line, and
/// each line has the same numbers in every database.
/// </summary>
internal sealed class MigrationLine
{
    private MigrationLine(string name, IReadOnlyList<Migration> known) => (Name, Known) = (name, known);

    /// <summary>Its folder: <c>Project</c> or <c>Server</c>.</summary>
    public string Name { get; }

    /// <summary>All migrations this program knows, in order.</summary>
    public IReadOnlyList<Migration> Known { get; }

    /// <summary>Who writes into the databases it migrates.</summary>
    public static string Program { get; } = "Kitaru " + (typeof(MigrationLine).Assembly.GetName().Version?.ToString(3) ?? "");

    /// <summary>Reads a folder of embedded files.</summary>
    /// <param name="assembly">Whose.</param>
    /// <param name="folder">The folder the lines stand in, with dots.</param>
    /// <param name="name">The line.</param>
    public static MigrationLine Load(Assembly assembly, string folder, string name)
    {
        var migrations = new List<Migration>();
        var prefix = $"{folder}.{name}.";
        foreach (var resource in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            var start = resource.IndexOf(prefix, StringComparison.Ordinal);
            if (start < 0)
                continue;
            var file = Path.GetFileNameWithoutExtension(resource[(start + prefix.Length)..]);
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            migrations.Add(new Migration(int.Parse(file.AsSpan(0, 4), provider: null), file, reader.ReadToEnd()));
        }
        return new MigrationLine(name, migrations);
    }

    /// <summary>What a store lacks; a store of a newer program is refused.</summary>
    /// <param name="version">The last one it has; 0 for none.</param>
    /// <param name="program">Who wrote that one.</param>
    /// <param name="store">The store, for the message.</param>
    public IReadOnlyList<Migration> After(int version, string program, string store)
    {
        if (Known.Count > 0 && version > Known[^1].Version)
        {
            throw new KitaruBackendException(
                $"The store {store} has schema version {version}, written by {program}; this program is {Program} and knows versions up to {Known[^1].Version}.",
                "Update this program to that version of Kitaru or a later one.");
        }
        return [.. Known.Where(migration => migration.Version > version)];
    }
}

/// <summary>One numbered file.</summary>
internal sealed record Migration(int Version, string Name, string Text);
