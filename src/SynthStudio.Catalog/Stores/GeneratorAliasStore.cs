using System.Data.Common;

namespace SynthStudio.Catalog;

/// <summary>Aliases of generators.</summary>
public sealed class GeneratorAliasStore
{
    private const string Columns = "name, generator, creator, update_time";

    private readonly DbDataSource _database;

    internal GeneratorAliasStore(DbDataSource database) => _database = database;

    /// <summary>The alias of this name; null when there is none.</summary>
    public async Task<GeneratorAliasRecord?> FindAsync(string name, CancellationToken cancellation = default) =>
        (await _database.ReadAsync($"SELECT {Columns} FROM generator_aliases WHERE name = @name", Map, cancellation, ("@name", name))).FirstOrDefault();

    /// <summary>The aliases of a project, by name, at most <paramref name="most"/>.</summary>
    public async Task<IReadOnlyList<GeneratorAliasRecord>> ListAsync(
        string project, int most, CancellationToken cancellation = default) => await _database.ReadAsync(
        $"SELECT {Columns} FROM generator_aliases WHERE project = @project ORDER BY name LIMIT @most",
        Map, cancellation, ("@project", project), ("@most", most));

    /// <summary>The aliases that stand for a generator, by name.</summary>
    public async Task<IReadOnlyList<GeneratorAliasRecord>> ListOfGeneratorAsync(
        string generator, CancellationToken cancellation = default) => await _database.ReadAsync(
        $"SELECT {Columns} FROM generator_aliases WHERE generator = @generator ORDER BY name",
        Map, cancellation, ("@generator", generator));

    /// <summary>Points an alias at a generator, whether it is new or not.</summary>
    public Task SetAsync(GeneratorAliasRecord alias, CancellationToken cancellation = default) => _database.ExecuteAsync(
        $"""
        INSERT INTO generator_aliases ({Columns}, project) VALUES (@name, @generator, @creator, @now, @project)
        ON CONFLICT (name) DO UPDATE SET generator = excluded.generator, creator = excluded.creator, update_time = excluded.update_time
        """,
        cancellation, ("@name", alias.Name), ("@generator", alias.Generator), ("@creator", alias.Creator), ("@now", alias.UpdateTime),
        ("@project", ResourceNames.Project(alias.Name)));

    /// <summary>Takes an alias away. False when there is none.</summary>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellation = default) =>
        await _database.ExecuteAsync("DELETE FROM generator_aliases WHERE name = @name", cancellation, ("@name", name)) > 0;

    private static GeneratorAliasRecord Map(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetTime(3));
}
