using System.Reflection;
using Microsoft.Data.Sqlite;

namespace SynthStudio.Catalog;

/// <summary>
/// Brings a SQLite file to the newest version of its schema. Forward only: script <c>n</c> leads from version <c>n-1</c> to <c>n</c>, all
/// missing ones run in one transaction with the version's change, so a crash leaves the old schema or the new. An up-to-date file
/// costs one small read. Processes that start together wait for the first.
/// </summary>
internal sealed class SqliteMigrator
{
    private readonly int _applicationId;
    private readonly IReadOnlyList<string> _scripts;

    /// <param name="applicationId">Marks the file as ours; a file marked otherwise is refused.</param>
    /// <param name="scripts">The texts of version 1, 2, ...</param>
    public SqliteMigrator(int applicationId, IReadOnlyList<string> scripts)
    {
        _applicationId = applicationId;
        _scripts = scripts;
    }

    /// <summary>
    /// The embedded scripts of a folder, ordered by name: <c>0001_initial.sql</c>, <c>0002_...</c>. A version is a script's place, not its
    /// number: a gap between numbers stays, since who filled it would move the versions of all that come after it.
    /// </summary>
    public static IReadOnlyList<string> LoadScripts(string folder)
    {
        var assembly = typeof(SqliteMigrator).Assembly;
        return [.. ListScripts(folder).Select(n => Load(assembly, n))];
    }

    /// <summary>The names of a folder's scripts, in their order.</summary>
    public static IReadOnlyList<string> ListScripts(string folder) =>
    [
        .. typeof(SqliteMigrator).Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    /// <summary>Creates the file if need be, for its user only, and applies what is missing.</summary>
    /// <exception cref="CatalogSchemaException">The file is not ours, or a newer program wrote it.</exception>
    public void Apply(string connectionString)
    {
        var source = new SqliteDataSource(connectionString);
        CreateFile(new SqliteConnectionStringBuilder(connectionString).DataSource);
        using var connection = source.Open();
        if (IsCurrent(connection)) return;

        Execute(connection, "PRAGMA journal_mode = WAL;");
        using var transaction = connection.BeginTransaction(deferred: false);
        if (IsCurrent(connection)) return;
        for (var version = ReadNumber(connection, "PRAGMA user_version;"); version < _scripts.Count; version++)
            Execute(connection, _scripts[(int)version]);
        Execute(connection, $"PRAGMA application_id = {_applicationId}; PRAGMA user_version = {_scripts.Count};");
        transaction.Commit();
    }

    private bool IsCurrent(SqliteConnection connection)
    {
        var version = ReadNumber(connection, "PRAGMA user_version;");
        var mark = ReadNumber(connection, "PRAGMA application_id;");
        var isNew = version == 0 && mark == 0 && ReadNumber(connection, "SELECT count(*) FROM sqlite_schema;") == 0;
        if (!isNew && mark != _applicationId)
            throw new CatalogSchemaException($"{connection.DataSource} is not a database of this kind; name another file.");
        if (version > _scripts.Count)
            throw new CatalogSchemaException(
                $"{connection.DataSource} has schema version {version}; this program knows {_scripts.Count}. Use the newer program.");
        return version == _scripts.Count;
    }

    private static void CreateFile(string path)
    {
        if (path.Length == 0 || path == ":memory:" || File.Exists(path)) return;
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(path, options).Dispose();
    }

    private static string Load(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static long ReadNumber(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

/// <summary>The database cannot be used by this program.</summary>
public sealed class CatalogSchemaException(string message) : Exception(message);
