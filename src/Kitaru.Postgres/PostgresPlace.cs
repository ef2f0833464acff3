using System.Text.RegularExpressions;
using Kitaru.Core;
using Npgsql;

namespace Kitaru.Postgres;

/// <summary>A schema of a database: how to connect to it, and how to speak of it.</summary>
/// <param name="ConnectionString">With what this driver needs.</param>
/// <param name="Schema">The schema.</param>
/// <param name="Name">Host, port, database and schema.</param>
internal sealed partial record PostgresPlace(string ConnectionString, string Schema, string Name)
{
    private const int PreparedMax = 400;

    /// <exception cref="KitaruUsageException">One of the two makes no sense; the message holds no part of the connection string.</exception>
    public static PostgresPlace Of(string connectionString, string schema)
    {
        if (!SchemaName().IsMatch(schema))
            throw new KitaruUsageException($"'{Texts.Short(schema)}' is no name of a schema: expected up to 63 lower-case letters, digits and underscores, a letter first.");
        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            // Not even as an inner exception: it may quote what it could not read.
            throw new KitaruUsageException(
                "The PostgreSQL connection string cannot be read.", "Write it like Host=localhost;Port=5432;Database=kitaru;Username=kitaru;Password=...");
        }
        if (string.IsNullOrEmpty(builder.Host))
            throw new KitaruUsageException("The PostgreSQL connection string names no host.", "Write it like Host=localhost;Port=5432;Database=kitaru;Username=kitaru;Password=...");
        builder.SearchPath = schema;
        builder.MaxAutoPrepare = PreparedMax;
        builder.AutoPrepareMinUsages = 2;
        // Nobody changes anything about a connection that the next one would have to undo.
        builder.NoResetOnClose = true;
        builder.Enlist = false;
        builder.IncludeErrorDetail = false;
        builder.ApplicationName ??= "kitaru";
        if (builder.KeepAlive == 0)
            builder.KeepAlive = 30;
        return new PostgresPlace(builder.ConnectionString, schema, $"{builder.Host}:{builder.Port}/{builder.Database} (schema {schema})");
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$")]
    private static partial Regex SchemaName();
}
